using Microsoft.AspNetCore.Components;

namespace OrleansWings.Dashboard.Users;

/// <summary>Where the one-time link leads: makes the administrator and signs in.</summary>
public sealed partial class FirstAdmin
{
    private string? _fault;

    [Inject]
    private ISignIn Users { get; set; } = null!;

    [Inject]
    private IFirstAdministrator Administrator { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromForm]
    private FirstAdminInput? Input { get; set; }

    [SupplyParameterFromQuery(Name = UserRoutes.Code)]
    private string? Code { get; set; }

    private async Task SubmitAsync()
    {
        _fault = Input?.Password == Input?.Again
            ? await Administrator.CreateAsync(Code, Input?.Password)
            : "The two passwords differ.";
        if (_fault is null && await Users.SignInAsync("admin", Input?.Password) is null)
            Navigation.NavigateTo("/");
    }

    internal sealed class FirstAdminInput
    {
        public string? Password { get; set; }

        public string? Again { get; set; }
    }
}

using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace OrleansWings.Dashboard.Users;

/// <summary>The sign-in page: plain HTML and a form, so that it needs no circuit and no script.</summary>
public sealed partial class SignIn
{
    private string? _fault;

    [Inject]
    private ISignIn Users { get; set; } = null!;

    [Inject]
    private IFirstAdministrator Administrator { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromForm]
    private SignInInput? Input { get; set; }

    [SupplyParameterFromQuery(Name = UserRoutes.ReturnUrl)]
    private string? ReturnUrl { get; set; }

    protected override void OnInitialized()
    {
        if (HttpMethods.IsGet(Context.Request.Method) && Context.User.Identity is { IsAuthenticated: true })
            Navigation.NavigateTo(UserRoutes.ToLocal(ReturnUrl));
    }

    private async Task SubmitAsync()
    {
        _fault = await Users.SignInAsync(Input?.UserName, Input?.Password);
        if (_fault is null)
            Navigation.NavigateTo(UserRoutes.ToLocal(ReturnUrl));
    }

    internal sealed class SignInInput
    {
        public string? UserName { get; set; }

        public string? Password { get; set; }
    }
}

using Microsoft.AspNetCore.Components;

namespace OrleansWings.Dashboard.Layout;

/// <summary>Leaves for the sign-in page, which brings the person back here.</summary>
public sealed class RedirectToSignIn : ComponentBase
{
    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnInitialized()
        => Navigation.NavigateTo(
            $"/sign-in?returnUrl={Uri.EscapeDataString("/" + Navigation.ToBaseRelativePath(Navigation.Uri))}", forceLoad: true);
}

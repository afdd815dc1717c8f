using Microsoft.AspNetCore.Components.Authorization;

namespace OrleansWings.Dashboard.Layout;

/// <summary>Who looks at the page.</summary>
public static class ViewerName
{
    private const int MaxLength = 80;

    /// <summary>The name that he signed in with, as far as it fits; "" where nobody has to.</summary>
    public static async Task<string> NameAsync(this Task<AuthenticationState>? viewer)
    {
        var name = viewer is null ? "" : (await viewer).User.Identity?.Name ?? "";
        return name.Length > MaxLength ? name[..MaxLength] : name;
    }
}

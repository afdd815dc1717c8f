namespace OrleansWings.Dashboard.Users;

/// <summary>Addresses and names that the sign-in pages and the program share.</summary>
public static class UserRoutes
{
    /// <summary>The sign-in page.</summary>
    public const string SignIn = "/sign-in";

    /// <summary>A POST with an anti-forgery token signs out.</summary>
    public const string SignOut = "/sign-out";

    /// <summary>Where the one-time link leads; the secret is in <see cref="Code"/>.</summary>
    public const string Welcome = "/welcome";

    /// <summary>Query parameter: where to go after signing in.</summary>
    public const string ReturnUrl = "returnUrl";

    /// <summary>Query parameter of <see cref="Welcome"/>.</summary>
    public const string Code = "code";

    /// <summary>The rate limit of forms that try a secret.</summary>
    public const string SignInRateLimit = "sign-in";

    /// <summary>The address if it is a path of this site, else the start page: nobody is sent elsewhere by a link to us.</summary>
    /// <param name="url">As it came.</param>
    public static string ToLocal(string? url)
        => url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
}

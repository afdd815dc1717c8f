namespace OrleansWings.Dashboard.Users;

/// <summary>Signs the browser of the present request in. Only for pages that are not interactive: it sets a cookie.</summary>
public interface ISignIn
{
    /// <summary>Tries a name and a password.</summary>
    /// <param name="userName">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <returns>Null when signed in; else a sentence for the person.</returns>
    Task<string?> SignInAsync(string? userName, string? password);
}

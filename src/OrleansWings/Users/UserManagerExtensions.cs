using Microsoft.AspNetCore.Identity;

namespace OrleansWings.Users;

internal static class UserManagerExtensions
{
    private const int Tries = 5;

    /// <summary>Ends every sign-in of a user. When somebody else changes the user at the same time, it is read and done again.</summary>
    /// <param name="users">The users.</param>
    /// <param name="find">Reads the user.</param>
    /// <param name="change">What else to change; null for nothing.</param>
    /// <returns>Null when there is no such user.</returns>
    public static async Task<IdentityResult?> EndSignInsAsync(this UserManager<WingsUser> users, Func<Task<WingsUser?>> find, Action<WingsUser>? change = null)
    {
        for (var i = 1; ; i++)
        {
            if (await find() is not { } user)
                return null;
            change?.Invoke(user);
            var result = await users.UpdateSecurityStampAsync(user);
            if (i == Tries || !result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure)))
                return result;
        }
    }
}

using Microsoft.AspNetCore.Identity;
using OrleansWings.Dashboard.Users;

namespace OrleansWings.Users;

/// <summary>Signs in with a password and a cookie that outlives the browser and the program.</summary>
internal sealed class CookieSignIn(SignInManager<WingsUser> signIn, IUserStore<WingsUser> users) : ISignIn
{
    public async Task<string?> SignInAsync(string? userName, string? password)
    {
        if (string.IsNullOrWhiteSpace(userName) || string.IsNullOrEmpty(password))
            return "Type a user name and a password.";
        if (userName.Length > 256 || password.Length > PasswordRule.MaxLength)
            return "The user name or the password is wrong.";
        var result = await signIn.PasswordSignInAsync(userName.Trim(), password, isPersistent: true, lockoutOnFailure: true);
        return result.Succeeded ? null
            : result.IsLockedOut ? "Too many wrong passwords: this user is locked for a few minutes. Try again later."
            // A wrong one, perhaps; but nothing else is known of it than that it could not be counted on disk.
            : users is UserStore { Fault: { } fault } ? $"The user name or the password is wrong, or what a sign-in needs cannot be written down. {fault}"
            : "The user name or the password is wrong.";
    }
}

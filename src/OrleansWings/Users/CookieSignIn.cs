using Microsoft.AspNetCore.Identity;
using OrleansWings.Dashboard.Users;

namespace OrleansWings.Users;

/// <summary>Signs in with a password and a cookie that outlives the browser and the program.</summary>
internal sealed class CookieSignIn(SignInManager<WingsUser> signIn) : ISignIn
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
            : "The user name or the password is wrong.";
    }
}

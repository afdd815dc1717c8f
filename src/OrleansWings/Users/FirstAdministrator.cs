using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using OrleansWings.Dashboard.Users;

namespace OrleansWings.Users;

/// <summary>Makes the one administrator: from a file at start, or by a link that works once and ends with the process.</summary>
internal sealed partial class FirstAdministrator(IServiceScopeFactory scopes, UserFile file, ILogger<FirstAdministrator> logger) : IFirstAdministrator
{
    public const string UserName = "admin";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(24));

    public bool IsMissing => file.Users.IsEmpty && file.IsKnown;

    /// <summary>The link's secret; null once there is an administrator.</summary>
    public string? Code => IsMissing ? _code : null;

    public bool IsValidCode(string? code)
        => Code is { } valid && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code ?? ""), Encoding.UTF8.GetBytes(valid));

    public async Task<string?> CreateAsync(string? code, string? password)
    {
        await _turn.WaitAsync();
        try
        {
            return !IsValidCode(code) ? "This link is not valid any more. The terminal shows a new one when the program is started again."
                : PasswordRule.Check(password) ?? await StoreAsync(password!);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes the password of WINGS_ADMIN_PASSWORD_FILE, unless there is an administrator: that one is not overwritten.</summary>
    /// <returns>Null when there is an administrator now; else why not.</returns>
    public async Task<string?> EnsureAsync(string password)
    {
        if (IsMissing)
            return await StoreAsync(password);
        if (!file.IsKnown)
            return file.Problem ?? "The cluster's store does not answer.";

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<WingsUser>>();
        if (await users.FindByNameAsync(UserName) is not { } user || !await users.CheckPasswordAsync(user, password))
            LogPasswordFileIgnored();
        return null;
    }

    /// <summary>Gives the administrator another password and ends every sign-in; makes one if there is none.</summary>
    public async Task<string?> ResetAsync(string password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<WingsUser>>();
        var result = await users.EndSignInsAsync(() => users.FindByNameAsync(UserName), user =>
        {
            user.LockedUntil = null;
            user.FailedTries = 0;
            user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        });
        return result is null ? await StoreAsync(password) : Explain(result);
    }

    private async Task<string?> StoreAsync(string password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<WingsUser>>();
        return Explain(await users.CreateAsync(new WingsUser { Name = UserName }, password));
    }

    private static string? Explain(IdentityResult result)
        => result.Succeeded ? null
            : string.Join(" ", result.Errors.Select(error => error.Description));

    [LoggerMessage(Level = LogLevel.Information, Message = "WINGS_ADMIN_PASSWORD_FILE is not used: the administrator has another password. To change it, stop this program and run 'orleans-wings reset-password'.")]
    private partial void LogPasswordFileIgnored();
}

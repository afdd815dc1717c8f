using Microsoft.AspNetCore.Identity;

namespace OrleansWings.Users;

/// <summary>What ASP.NET Core Identity needs of a store, over <see cref="UserFile"/>.</summary>
internal sealed class UserStore(UserFile file)
    : IUserPasswordStore<WingsUser>, IUserLockoutStore<WingsUser>, IUserSecurityStampStore<WingsUser>
{
    private const string NotStored = "The password or the tries could not be written down. Is the data folder's disk full, or the cluster's store away?";

    /// <summary>Why something could not be written down in this request, in words; null when all was. Identity itself calls it a wrong password.</summary>
    public string? Fault { get; private set; }

    private static readonly IdentityError s_changedMeanwhile = new IdentityErrorDescriber().ConcurrencyFailure();

    public Task<IdentityResult> CreateAsync(WingsUser user, CancellationToken cancellationToken) => Store(() => file.Add(user));

    public Task<IdentityResult> UpdateAsync(WingsUser user, CancellationToken cancellationToken) => Store(() => file.Save(user) ? null : s_changedMeanwhile);

    public Task<IdentityResult> DeleteAsync(WingsUser user, CancellationToken cancellationToken) => Store(() => file.Remove(user));

    public Task<WingsUser?> FindByIdAsync(string userId, CancellationToken cancellationToken)
        => Task.FromResult(file.Users.FirstOrDefault(user => user.Id == userId)?.ToEdit());

    public Task<WingsUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
        => Task.FromResult(file.Users.FirstOrDefault(user => user.NormalizedName == normalizedUserName)?.ToEdit());

    public Task<string> GetUserIdAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.Name);

    public Task SetUserNameAsync(WingsUser user, string? userName, CancellationToken cancellationToken) => Set(() => user.Name = userName);

    public Task<string?> GetNormalizedUserNameAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedName);

    public Task SetNormalizedUserNameAsync(WingsUser user, string? normalizedName, CancellationToken cancellationToken)
        => Set(() => user.NormalizedName = normalizedName);

    public Task SetPasswordHashAsync(WingsUser user, string? passwordHash, CancellationToken cancellationToken)
        => Set(() => user.PasswordHash = passwordHash);

    public Task<string?> GetPasswordHashAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(WingsUser user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    public Task SetLockoutEndDateAsync(WingsUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
        => Set(() => user.LockedUntil = lockoutEnd);

    public Task<int> IncrementAccessFailedCountAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedTries);

    public Task ResetAccessFailedCountAsync(WingsUser user, CancellationToken cancellationToken) => Set(() => user.FailedTries = 0);

    public Task<int> GetAccessFailedCountAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(user.FailedTries);

    public Task<bool> GetLockoutEnabledAsync(WingsUser user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(WingsUser user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }

    private Task<IdentityResult> Store(Action write) => Store(() =>
    {
        write();
        return null;
    });

    private Task<IdentityResult> Store(Func<IdentityError?> write)
    {
        try
        {
            return Task.FromResult(write() is { } refusal ? IdentityResult.Failed(refusal) : IdentityResult.Success);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = e is DamagedUsersException ? e.Message : NotStored;
            return Task.FromResult(IdentityResult.Failed(new IdentityError { Code = nameof(NotStored), Description = Fault }));
        }
    }
}

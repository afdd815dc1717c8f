namespace OrleansWings.Users;

/// <summary>Somebody who may sign in. One object per user and process, so that a failed try is counted once and seen by all.</summary>
internal sealed class WingsUser
{
    public string Id { get; init; } = Guid.NewGuid().ToString("D");

    public string? Name { get; set; }

    public string? NormalizedName { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Changes with the password: a cookie made before is then refused.</summary>
    public string? SecurityStamp { get; set; }

    public int FailedTries { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }
}

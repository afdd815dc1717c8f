using System.Text.Json.Serialization;

namespace OrleansWings.Users;

/// <summary>
/// Somebody who may sign in. Identity sets one field after the other and then asks to write them down, so it is given
/// copies: what <see cref="UserFile"/> holds is what is written down, and nobody changes it.
/// </summary>
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

    /// <summary>What this copy was made of; null for a user who was never written down.</summary>
    [JsonIgnore]
    public WingsUser? Read { get; private set; }

    /// <summary>A copy to be changed, which knows what it was made of.</summary>
    public WingsUser ToEdit()
    {
        var copy = ToStore();
        copy.Read = this;
        return copy;
    }

    /// <summary>A copy to be written down.</summary>
    public WingsUser ToStore()
    {
        var copy = (WingsUser)MemberwiseClone();
        copy.Read = null;
        return copy;
    }

    /// <summary>What was written down of this copy: from here on it is a copy of that.</summary>
    public void IsStoredAs(WingsUser stored)
        => (Read, FailedTries, LockedUntil) = (stored, stored.FailedTries, stored.LockedUntil);
}

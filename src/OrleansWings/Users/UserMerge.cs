namespace OrleansWings.Users;

/// <summary>What becomes of a user whom several write at once: two control silos, or two requests of one.</summary>
internal static class UserMerge
{
    /// <summary>
    /// Puts one writer's changes on what is stored by now. Failed tries are added up, and a lock that the writer did not touch stays as it is.
    /// </summary>
    /// <param name="stored">As it is written down now.</param>
    /// <param name="edited">The writer's copy.</param>
    /// <returns>
    /// What to write; null when the password or the stamp is another than the writer read: what it has to say is about
    /// a password that is gone or a sign-in that has ended, and would bring them back.
    /// </returns>
    public static WingsUser? Merge(WingsUser stored, WingsUser edited)
    {
        if (edited.Read is not { } read || !HasSameCredentials(stored, read))
            return null;
        var merged = edited.ToStore();
        // Tries at a password that is replaced here are nobody's business any more.
        if (edited.PasswordHash == read.PasswordHash)
            MergeTries(stored, read, edited, merged);
        return merged;
    }

    /// <summary>The same for the failed tries and the lock alone.</summary>
    /// <returns>Null as for <see cref="Merge"/>.</returns>
    public static WingsUser? MergeTries(WingsUser stored, WingsUser edited)
    {
        if (edited.Read is not { } read || !HasSameCredentials(stored, read))
            return null;
        var merged = stored.ToStore();
        MergeTries(stored, read, edited, merged);
        return merged;
    }

    /// <summary>Whether a copy says nothing but that failed tries are forgotten.</summary>
    public static bool IsReset(WingsUser edited)
        => edited.Read is { } read && HasSameCredentials(edited, read) && edited.Name == read.Name && edited.FailedTries == 0 && edited.LockedUntil == read.LockedUntil;

    private static void MergeTries(WingsUser stored, WingsUser read, WingsUser edited, WingsUser merged)
    {
        merged.FailedTries = edited.FailedTries < read.FailedTries ? edited.FailedTries : stored.FailedTries + edited.FailedTries - read.FailedTries;
        merged.LockedUntil = edited.LockedUntil == read.LockedUntil ? stored.LockedUntil : edited.LockedUntil;
    }

    private static bool HasSameCredentials(WingsUser one, WingsUser other)
        => one.PasswordHash == other.PasswordHash && one.SecurityStamp == other.SecurityStamp && one.NormalizedName == other.NormalizedName;
}

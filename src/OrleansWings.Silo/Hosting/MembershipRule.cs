namespace OrleansWings.Silo.Hosting;

/// <summary>What the cluster's store says of this silo.</summary>
internal enum MembershipLook
{
    /// <summary>It is a member.</summary>
    Member,

    /// <summary>It is a member that was declared dead.</summary>
    Dead,

    /// <summary>The store answers and has no entry of it.</summary>
    Missing,

    /// <summary>The store could not be asked, which by itself proves nothing.</summary>
    NotAsked,
}

/// <summary>Whether a process is still one of its cluster, decided from what it sees. One that is not ends and is started anew, while its games go on.</summary>
internal static class MembershipRule
{
    /// <summary>
    /// Longer than the others take to declare a silo dead. Who hears nobody for so long has been given up by whoever is left, and
    /// had better be started anew before the network is back than after it.
    /// </summary>
    public static readonly TimeSpan Alone = TimeSpan.FromSeconds(15);

    private const int MaxMisses = 2;

    /// <summary>
    /// Why a process that stood still (stopped, swapped out, its machine paused) is to end, in words; null when it goes on. After so long
    /// it has been given up, and callers wait for it: the store, to which the connection may be gone too, need not be asked first.
    /// </summary>
    /// <param name="pause">How long it did nothing.</param>
    /// <param name="hasOthers">Whether there are other silos at all, as far as this one knows.</param>
    public static string? WhyEndAfter(TimeSpan pause, bool hasOthers)
        => hasOthers && pause >= Alone ? FormattableString.Invariant($"It stood still for {pause.TotalSeconds:0} s, and the others go on without whoever is silent for so long.") : null;

    /// <summary>Why the process is to end, in words; null when it goes on.</summary>
    /// <param name="look">What the store said.</param>
    /// <param name="misses">How often in a row it had no entry, this time included.</param>
    /// <param name="sinceStore">How long ago the store last answered.</param>
    /// <param name="sinceSilo">How long ago another silo last answered.</param>
    /// <param name="hasOthers">Whether there are other silos at all, as far as this one knows.</param>
    public static string? WhyEnd(MembershipLook look, int misses, TimeSpan sinceStore, TimeSpan sinceSilo, bool hasOthers) => look switch
    {
        MembershipLook.Dead => "The others declared it dead: they did not hear it for some seconds.",
        MembershipLook.Missing when misses >= MaxMisses => "The cluster's store has no entry of this process: it was emptied or put back to an older copy.",
        MembershipLook.NotAsked when hasOthers && sinceStore >= Alone && sinceSilo >= Alone
            => "Neither the cluster's store nor any other silo answers: this machine is cut off. It joins again when the store answers.",
        _ => null,
    };
}

using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Which of two pictures of a server is the newer: they come by two ways, the feed and an answer.</summary>
public static class SnapshotOrder
{
    /// <summary>
    /// What a page shows: the newer of the two, and whether it is confirmed as the feed says. An answer was true when it was given; it
    /// does not hear that the host has been lost since.
    /// </summary>
    /// <param name="listed">From the feed; null when it has none.</param>
    /// <param name="asked">An answer to a question; null when none was asked.</param>
    public static ServerSnapshot? Shown(ServerSnapshot? listed, ServerSnapshot? asked)
        => Newer(listed, asked) is { } newer && listed is not null && newer.IsReachable != listed.IsReachable
            ? newer with { IsReachable = listed.IsReachable }
            : Newer(listed, asked);

    /// <summary>The newer of two; the other when one is missing.</summary>
    public static ServerSnapshot? Newer(ServerSnapshot? a, ServerSnapshot? b)
    {
        if (a is null || b is null)
            return a ?? b;
        var order = a.Epoch.CompareTo(b.Epoch);
        if (order == 0)
            order = a.Revision.CompareTo(b.Revision);
        if (order == 0)
            order = a.AsOf.CompareTo(b.AsOf);
        return order >= 0 ? a : b;
    }
}

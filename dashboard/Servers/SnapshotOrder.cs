using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Which of two pictures of a server is the newer: they come by two ways, the feed and an answer.</summary>
public static class SnapshotOrder
{
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

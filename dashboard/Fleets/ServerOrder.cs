using OrleansWings.Fleets;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>The order of the list of servers: by name as people read it, and of the same name always the same.</summary>
internal sealed class ServerOrder : IComparer<ServerListing>
{
    public static ServerOrder Instance { get; } = new();

    public int Compare(ServerListing? x, ServerListing? y)
        => NaturalComparer.Instance.Compare(x!.Snapshot.Name, y!.Snapshot.Name) is var order and not 0 ? order : x.Snapshot.Id.CompareTo(y.Snapshot.Id);

    /// <summary>One list of two that are in order. New servers are few and names are compared slowly: so not all are sorted again.</summary>
    public static ServerListing[] Merge(List<ServerListing> a, List<ServerListing> b)
    {
        var merged = new ServerListing[a.Count + b.Count];
        for (int i = 0, left = 0, right = 0; i < merged.Length; i++)
            merged[i] = right == b.Count || (left < a.Count && Instance.Compare(a[left], b[right]) <= 0) ? a[left++] : b[right++];
        return merged;
    }
}

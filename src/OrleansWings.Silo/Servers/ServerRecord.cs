using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>What the cluster's store keeps about a server.</summary>
public sealed class ServerRecord : Storage.IStoredState
{
    public int Schema { get; set; } = 1;

    /// <summary>The wish; null when there is no such server (never created, or purged).</summary>
    public ServerAssignment? Assignment { get; set; }

    /// <summary>When the server was created, UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The last picture from the host; null before the first.</summary>
    public ServerSnapshot? Snapshot { get; set; }
}

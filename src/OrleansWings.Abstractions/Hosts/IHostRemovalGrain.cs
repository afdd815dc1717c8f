using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>Removes a host that will not come back, step by step; lives on a control silo. Key: host id.</summary>
/// <remarks>A grain of its own, as its steps ask the host's grain and the records, which ask the host's grain. Interrupted, it is
/// done again by the next call.</remarks>
[Alias("host-removal")]
public interface IHostRemovalGrain : IGrainWithStringKey
{
    /// <summary>Removes the host: its settings and pools, its place in the list, its name's claim, and if wished its servers' records.</summary>
    /// <param name="withRecords">Whether the records of its servers may go with it.</param>
    /// <returns>Accepted, or <see cref="ServerRefusal.NoHost"/>, <see cref="ServerRefusal.HostInUse"/> while it is in the cluster,
    /// <see cref="ServerRefusal.HostHasServers"/>, <see cref="ServerRefusal.NotStored"/>.</returns>
    [Alias("remove"), ResponseTimeout("00:02:00")]
    Task<ServerResult> RemoveAsync(bool withRecords);
}

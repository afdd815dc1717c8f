using System.Collections.Immutable;
using OrleansWings.Hosts;

namespace OrleansWings.Fleets;

/// <summary>The registry of hosts; lives on a control silo. Key: 0. Stays out of everything that is done per server.</summary>
[Alias("fleet")]
public interface IFleetGrain : IGrainWithIntegerKey
{
    /// <summary>Every known host.</summary>
    [Alias("list-hosts")]
    Task<ImmutableArray<HostId>> ListHostsAsync();

    /// <summary>Remembers a host; once is enough.</summary>
    /// <param name="host">The host.</param>
    [Alias("register-host")]
    Task RegisterHostAsync(HostId host);

    /// <summary>Knows a host no longer, and remembers when that was for the case that it comes back.</summary>
    /// <param name="host">The host.</param>
    [Alias("unregister-host")]
    Task UnregisterHostAsync(HostId host);

    /// <summary>When a host that joins was removed, UTC; null when it was not, or has been told already.</summary>
    /// <param name="host">The host.</param>
    [Alias("take-removal")]
    Task<DateTimeOffset?> TakeRemovalAsync(HostId host);

    /// <summary>This installation's id, made once: the label that marks containers as ours.</summary>
    [Alias("cluster-id")]
    Task<Guid> GetClusterIdAsync();

    /// <summary>The same, asked by a host that may know the id: a store that was emptied takes it from the first that does.</summary>
    /// <param name="known">What the host's ledger has; null for a new host.</param>
    [Alias("claim-cluster-id")]
    Task<Guid> ClaimClusterIdAsync(Guid? known);
}

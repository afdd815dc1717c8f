using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>What pages ask of all servers of a picture, reckoned once for all circuits, when the first of them asks.</summary>
internal sealed class FleetIndex(ImmutableArray<ServerListing> servers)
{
    private readonly Lazy<FrozenDictionary<PowerState, int>> _confirmed = new(
        () => servers.Where(listing => listing.Snapshot.IsReachable).CountBy(listing => listing.Snapshot.State).ToFrozenDictionary());

    private readonly Lazy<FrozenDictionary<HostId, ImmutableArray<ServerSnapshot>>> _byHost = new(
        () => servers.GroupBy(listing => listing.Snapshot.Host, listing => listing.Snapshot).ToFrozenDictionary(host => host.Key, host => host.ToImmutableArray()));

    public int Count(PowerState state) => _confirmed.Value.GetValueOrDefault(state);

    public ImmutableArray<ServerSnapshot> On(HostId host) => _byHost.Value.GetValueOrDefault(host, []);
}

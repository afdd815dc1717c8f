using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Client.Fleets;

/// <summary>
/// The servers, in the order of their last change and by their hosts: a step costs what has changed in it, and what one host says
/// costs what that host has, however large the fleet is.
/// </summary>
internal sealed partial class FleetPicture
{
    private readonly Dictionary<ServerId, LinkedListNode<(ServerListing Listing, long Change)>> _servers = [];
    private readonly LinkedList<(ServerListing Listing, long Change)> _byChange = [];
    private readonly Dictionary<HostId, HashSet<ServerId>> _byHost = [];

    private void Put(ServerListing listing)
    {
        var (id, host) = (listing.Snapshot.Id, listing.Snapshot.Host);
        if (_servers.TryGetValue(id, out var node))
        {
            _byChange.Remove(node);
            if (node.Value.Listing.Snapshot.Host != host)
                Unlist(node.Value.Listing.Snapshot);
        }
        else
        {
            _servers[id] = node = new LinkedListNode<(ServerListing, long)>(default);
        }

        node.Value = (listing, _change);
        _byChange.AddLast(node);
        if (!_byHost.TryGetValue(host, out var own))
            _byHost[host] = own = [];
        own.Add(id);
        _removed.Remove(id);
    }

    private void Remove(ServerId server)
    {
        if (!_servers.Remove(server, out var node))
            return;
        _byChange.Remove(node);
        Unlist(node.Value.Listing.Snapshot);
        _removed[server] = _change;
    }

    private void Unlist(ServerSnapshot snapshot)
    {
        if (_byHost.TryGetValue(snapshot.Host, out var own) && own.Remove(snapshot.Id) && own.Count == 0)
            _byHost.Remove(snapshot.Host);
    }

    // From the end: who has seen all but the last changes looks at no others.
    private List<ServerListing> ChangedAfter(long change)
    {
        var changed = new List<ServerListing>();
        for (var node = _byChange.Last; node is not null && node.Value.Change > change; node = node.Previous)
            changed.Add(node.Value.Listing);
        changed.Reverse();
        return changed;
    }

    private ServerId[] Gone(FleetUpdate update, HostId? of)
    {
        if (of is not { } host)
            return [.. update.Removed.Where(_servers.ContainsKey)];
        if (!_byHost.TryGetValue(host, out var own))
            return [];
        if (!update.IsComplete)
            return [.. update.Removed.Where(own.Contains)];
        var said = update.Servers.Select(listing => listing.Snapshot.Id).ToHashSet();
        return [.. own.Where(server => update.Removed.Contains(server) || !said.Contains(server))];
    }
}

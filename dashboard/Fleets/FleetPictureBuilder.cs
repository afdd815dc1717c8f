using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>Takes the feed's steps and makes pictures of them. Not safe for two threads.</summary>
public sealed class FleetPictureBuilder
{
    private readonly Dictionary<ServerId, ServerListing> _servers = [];
    private readonly Dictionary<ServerId, ServerListing> _deleted = [];
    // Since the last picture: what shows otherwise where it is, and what has no place in it yet, or another one.
    private readonly HashSet<ServerId> _altered = [];
    private readonly HashSet<ServerId> _unplaced = [];
    private readonly SortedDictionary<string, HostSnapshot> _hosts = new(StringComparer.Ordinal);
    private FleetPicture _last = FleetPicture.Empty;
    private bool _isOrderStale;
    private bool _isTrashStale;
    private bool _isChanged;

    /// <summary>Takes one step.</summary>
    public void Apply(FleetUpdate update)
    {
        if (update.IsSnapshot)
        {
            _servers.Clear();
            _deleted.Clear();
            _isTrashStale = true;
            _hosts.Clear();
            _isOrderStale = true;
        }

        foreach (var id in update.Removed)
        {
            _isOrderStale |= _servers.Remove(id);
            _isTrashStale |= _deleted.Remove(id);
        }

        foreach (var listing in update.Servers)
        {
            var id = listing.Snapshot.Id;
            if (listing.Snapshot.IsDeleted)
            {
                _isOrderStale |= _servers.Remove(id);
                _deleted[id] = listing;
                _isTrashStale = true;
                continue;
            }

            _isTrashStale |= _deleted.Remove(id);
            var isPlaced = _servers.TryGetValue(id, out var known) && known.Snapshot.Name == listing.Snapshot.Name;
            _isOrderStale |= !isPlaced;
            (isPlaced ? _altered : _unplaced).Add(id);
            _servers[id] = listing;
        }

        foreach (var host in update.RemovedHosts)
            _hosts.Remove(host.Value);
        foreach (var host in update.Hosts)
            _hosts[host.Id.Value] = host;
        _last = _last with { IsLoaded = true, LostAt = null };
        _isChanged = true;
    }

    /// <summary>The feed broke: what is shown is no longer confirmed.</summary>
    public void Lose(DateTimeOffset at)
    {
        _last = _last with { LostAt = _last.LostAt ?? at };
        _isChanged = true;
    }

    /// <summary>The picture after all steps so far; the same object as last time when there was none.</summary>
    public FleetPicture Build()
    {
        if (!_isChanged)
            return _last;
        // Names change seldom: the order is kept until one does, and the list while no server of it is another.
        var (servers, places) = _isOrderStale ? Place() : _altered.Count > 0 ? (Alter(), _last.Places) : (_last.Servers, _last.Places);
        var deleted = _isTrashStale ? _deleted.ToFrozenDictionary() : _last.Deleted;
        (_isOrderStale, _isTrashStale) = (false, false);
        _altered.Clear();
        _unplaced.Clear();
        _isChanged = false;
        return _last = _last with
        {
            Version = _last.Version + 1,
            Servers = servers,
            Hosts = [.. _hosts.Values],
            Places = places,
            Deleted = deleted,
            Index = servers == _last.Servers ? _last.Index : new FleetIndex(servers),
        };
    }

    private ImmutableArray<ServerListing> Alter()
    {
        var servers = _last.Servers.ToArray();
        foreach (var id in _altered)
            servers[_last.Places[id]] = _servers[id];
        return ImmutableCollectionsMarshal.AsImmutableArray(servers);
    }

    private (ImmutableArray<ServerListing> Servers, Dictionary<ServerId, int> Places) Place()
    {
        var kept = new List<ServerListing>(_servers.Count);
        foreach (var listing in _last.Servers)
        {
            if (!_unplaced.Contains(listing.Snapshot.Id) && _servers.TryGetValue(listing.Snapshot.Id, out var now))
                kept.Add(now);
        }

        var added = _unplaced.Where(_servers.ContainsKey).Select(id => _servers[id]).ToList();
        added.Sort(ServerOrder.Instance);
        var servers = ServerOrder.Merge(kept, added);
        var places = new Dictionary<ServerId, int>(servers.Length);
        for (var place = 0; place < servers.Length; place++)
            places[servers[place].Snapshot.Id] = place;
        return (ImmutableCollectionsMarshal.AsImmutableArray(servers), places);
    }
}

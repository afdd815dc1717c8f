using System.Collections.Frozen;
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
            _isOrderStale |= !_servers.TryGetValue(id, out var known) || known.Snapshot.Name != listing.Snapshot.Name;
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
        _isChanged = false;
        var places = _last.Places;
        if (_isOrderStale)
        {
            // Names change seldom: the order is kept until one does.
            _isOrderStale = false;
            places = _servers.Values
                .OrderBy(listing => listing.Snapshot.Name, NaturalComparer.Instance)
                .ThenBy(listing => listing.Snapshot.Id)
                .Select((listing, place) => KeyValuePair.Create(listing.Snapshot.Id, place))
                .ToFrozenDictionary();
        }

        var deleted = _isTrashStale ? _deleted.ToFrozenDictionary() : _last.Deleted;
        _isTrashStale = false;
        var servers = new ServerListing[places.Count];
        foreach (var (id, place) in places)
            servers[place] = _servers[id];
        return _last = _last with
        {
            Version = _last.Version + 1,
            Servers = ImmutableCollectionsMarshal.AsImmutableArray(servers),
            Hosts = [.. _hosts.Values],
            Places = places,
            Deleted = deleted,
        };
    }
}

using System.Runtime.CompilerServices;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Client.Fleets;

/// <summary>
/// The newest state of every server and host, each with the number of its last change. A viewer is only the number it
/// has seen: who is slow gets one larger step, and nothing piles up for it.
/// </summary>
/// <param name="maxRemoved">How many removed servers are remembered; a viewer that has missed more gets everything anew.</param>
internal sealed partial class FleetPicture(int maxRemoved = 1_000)
{
    private const int MaxHappened = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<ServerId, long> _removed = [];
    private readonly Dictionary<HostId, (HostSnapshot Host, long Change)> _hosts = [];
    private readonly Dictionary<HostId, long> _removedHosts = [];
    // For those that watch just now, at their pace; all of it is in the hosts' ledgers.
    private readonly Queue<(ServerHappening Happening, long Change)> _happened = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _change;
    private long _completeSince;

    /// <summary>Every host in it.</summary>
    public HostId[] Hosts
    {
        get
        {
            lock (_lock)
                return [.. _hosts.Keys];
        }
    }

    /// <summary>Takes a step; of two pictures of a server the newer stays. What is here already is no change: much is said again to be safe.</summary>
    /// <param name="update">The step.</param>
    /// <param name="of">Whose word it is: a host says of its own servers only that they are gone. Null when it is the whole fleet's.</param>
    public void Apply(FleetUpdate update, HostId? of = null)
    {
        lock (_lock)
        {
            var gone = Gone(update, of);
            if (!update.IsSnapshot && gone.Length == 0 && !update.Servers.Any(IsNews) && !update.Hosts.Any(IsNews) && !update.RemovedHosts.Any(_hosts.ContainsKey) && update.Happened.IsEmpty)
                return;
            _change++;
            foreach (var listing in update.Servers.Where(IsNews))
                Put(listing);
            foreach (var server in gone)
                Remove(server);
            foreach (var host in update.Hosts.Where(IsNews))
                Put(host);
            foreach (var host in update.RemovedHosts)
                Remove(host);
            if (update.IsSnapshot)
                RemoveOthers(update);
            foreach (var happening in update.Happened)
                Remember(happening);
            if (_removed.Count > maxRemoved)
            {
                _removed.Clear();
                _completeSince = _change;
            }

            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    /// <summary>Everything, then changes; steps are at least <paramref name="pace"/> apart.</summary>
    public async IAsyncEnumerable<FleetUpdate> WatchAsync(TimeSpan pace, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (update, seen) = Since(null);
        yield return update;
        while (true)
        {
            await WaitAsync(seen).WaitAsync(cancellationToken);
            await Task.Delay(pace, time, cancellationToken);
            (update, seen) = Since(seen);
            yield return update;
        }
    }

    private (FleetUpdate Update, long Seen) Since(long? seen)
    {
        lock (_lock)
        {
            var from = seen >= _completeSince ? seen.Value : -1;
            var update = new FleetUpdate
            {
                IsSnapshot = from < 0,
                Servers = [.. ChangedAfter(from)],
                Removed = from < 0 ? [] : [.. _removed.Where(server => server.Value > from).Select(server => server.Key)],
                Hosts = [.. _hosts.Values.Where(host => host.Change > from).Select(host => host.Host)],
                RemovedHosts = from < 0 ? [] : [.. _removedHosts.Where(host => host.Value > from).Select(host => host.Key)],
                Happened = from < 0 ? [] : [.. _happened.Where(happening => happening.Change > from).Select(happening => happening.Happening)],
            };
            return (update, _change);
        }
    }

    private bool IsNews(ServerListing listing)
    {
        if (!_servers.TryGetValue(listing.Snapshot.Id, out var held))
            return true;
        var (next, known) = (listing.Snapshot, held.Value.Listing.Snapshot);
        var order = (next.Epoch, next.Revision, next.AsOf).CompareTo((known.Epoch, known.Revision, known.AsOf));
        // The same picture may come with a newer usage, and confirmed or not; the rest of it is the host's own words of that moment.
        return order > 0 || (order == 0 && (next.IsReachable != known.IsReachable || listing.Usage?.At != held.Value.Listing.Usage?.At));
    }

    private bool IsNews(HostSnapshot host) => !_hosts.TryGetValue(host.Id, out var held) || held.Host != host;

    private void Put(HostSnapshot host)
    {
        _hosts[host.Id] = (host, _change);
        _removedHosts.Remove(host.Id);
    }

    private void Remember(ServerHappening happening)
    {
        _happened.Enqueue((happening, _change));
        if (_happened.Count > MaxHappened)
            _happened.Dequeue();
    }

    // What was its is gone with it.
    private void Remove(HostId host)
    {
        if (!_hosts.Remove(host))
            return;
        _removedHosts[host] = _change;
        foreach (var server in _byHost.GetValueOrDefault(host, []).ToArray())
            Remove(server);
    }

    private Task WaitAsync(long seen)
    {
        lock (_lock)
            return _change > seen ? Task.CompletedTask : _changed.Task;
    }

    private void RemoveOthers(FleetUpdate update)
    {
        var kept = update.Servers.Select(listing => listing.Snapshot.Id).ToHashSet();
        foreach (var gone in _servers.Keys.Where(server => !kept.Contains(server)).ToArray())
            Remove(gone);
        foreach (var gone in _hosts.Keys.Except(update.Hosts.Select(host => host.Id)).ToArray())
            Remove(gone);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Runtime.CompilerServices;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Fleets;

/// <summary>
/// The newest state of every server and host, each with the number of its last change. A viewer is only the number it
/// has seen: who is slow gets one larger step, and nothing piles up for it.
/// </summary>
internal sealed class FleetPicture
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ServerId, (ServerListing? Listing, long Change)> _servers = [];
    private readonly Dictionary<HostId, (HostSnapshot Host, long Change)> _hosts = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _change;

    /// <summary>Takes a step; of two pictures of a server the newer stays.</summary>
    public void Apply(FleetUpdate update)
    {
        lock (_lock)
        {
            _change++;
            foreach (var listing in update.Servers.Where(IsNotOlder))
                _servers[listing.Snapshot.Id] = (listing, _change);
            foreach (var server in update.Removed)
                _servers[server] = (null, _change);
            foreach (var host in update.Hosts)
                _hosts[host.Id] = (host, _change);
            if (update.IsSnapshot)
                RemoveOthers(update);
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
            var changed = _servers.Where(server => server.Value.Change > (seen ?? -1)).ToArray();
            var update = new FleetUpdate
            {
                IsSnapshot = seen is null,
                Servers = [.. changed.Where(server => server.Value.Listing is not null).Select(server => server.Value.Listing!)],
                Removed = seen is null ? [] : [.. changed.Where(server => server.Value.Listing is null).Select(server => server.Key)],
                Hosts = [.. _hosts.Values.Where(host => host.Change > (seen ?? -1)).Select(host => host.Host)],
            };
            return (update, _change);
        }
    }

    private bool IsNotOlder(ServerListing listing)
        => _servers.GetValueOrDefault(listing.Snapshot.Id).Listing?.Snapshot is not { } known
            || (listing.Snapshot.Epoch, listing.Snapshot.Revision, listing.Snapshot.AsOf).CompareTo((known.Epoch, known.Revision, known.AsOf)) >= 0;

    private Task WaitAsync(long seen)
    {
        lock (_lock)
            return _change > seen ? Task.CompletedTask : _changed.Task;
    }

    private void RemoveOthers(FleetUpdate update)
    {
        var kept = update.Servers.Select(listing => listing.Snapshot.Id).ToHashSet();
        foreach (var gone in _servers.Where(server => server.Value.Listing is not null && !kept.Contains(server.Key)).Select(server => server.Key).ToArray())
            _servers[gone] = (null, _change);
        foreach (var gone in _hosts.Keys.Except(update.Hosts.Select(host => host.Id)).ToArray())
            _hosts.Remove(gone);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

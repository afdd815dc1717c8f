using OrleansWings.Fleets;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>What the list of servers shows.</summary>
internal sealed class ListViewer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ServerId, ServerListing> _servers = [];
    private readonly Task _watching;

    public ListViewer(IFleetFeed feed) => _watching = Task.Run(() => WatchAsync(feed));

    public Task<ServerListing> WaitAsync(Func<Dictionary<ServerId, ServerListing>, ServerListing?> find)
        => Eventually.GetAsync(() => Task.FromResult(Look(find)), found => found is not null)!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private ServerListing? Look(Func<Dictionary<ServerId, ServerListing>, ServerListing?> find)
    {
        lock (_servers)
            return find(_servers);
    }

    private async Task WatchAsync(IFleetFeed feed)
    {
        await foreach (var update in feed.WatchAsync(_stop.Token))
        {
            lock (_servers)
            {
                if (update.IsSnapshot)
                    _servers.Clear();
                foreach (var listing in update.Servers)
                    _servers[listing.Snapshot.Id] = listing;
                foreach (var gone in update.Removed)
                    _servers.Remove(gone);
            }
        }
    }
}

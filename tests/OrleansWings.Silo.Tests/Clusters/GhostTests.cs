using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A list that still has what is gone, as after a word of its removal that was lost.</summary>
public sealed class GhostTests
{
    [Fact]
    public async Task List_HasAServerThatItsHostHasNot_LosesItByItself()
    {
        await using var cluster = await WingsCluster.StartAsync(1);
        var server = await cluster.CreateServerAsync(Specs.Game());
        await using var viewer = new ListViewer(cluster.Feed);
        var real = await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id));
        var ghost = real with { Snapshot = real.Snapshot with { Id = ServerId.New() } };

        await cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IFleetFeedGrain>(0).OnHostUpdateAsync(new HostId("h1"), new FleetUpdate { Servers = [ghost] });

        await viewer.WaitAsync(servers => servers.GetValueOrDefault(ghost.Snapshot.Id));
        Assert.Equal(server.Id, (await viewer.WaitAsync(servers => servers.Count == 1 ? servers.Values.Single() : null)).Snapshot.Id);
    }

    /// <summary>What the list of servers shows.</summary>
    private sealed class ListViewer : IAsyncDisposable
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
}

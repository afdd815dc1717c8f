using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A feed that wakes somewhere else says at first what there is, not that there is nothing.</summary>
public sealed class FeedBeginsTests
{
    [Fact]
    public async Task FirstPicture_OfANewFeed_HasEveryServerAndHost()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        var servers = new[] { await cluster.CreateServerAsync(Specs.Game("a")), await cluster.CreateServerAsync(Specs.Game("b")) };
        var grains = cluster.Control("c1").GetRequiredService<IGrainFactory>();
        await Eventually.GetAsync(grains.GetGrain<IFleetGrain>(0).ListHostsAsync, hosts => hosts.Length == 2);
        await Eventually.GetAsync(async () => await CountAsync(grains, "h1") + await CountAsync(grains, "h2"), count => count == 2);

        // Another key: an activation that nobody has told anything yet, as one that moved to another control silo.
        var first = await FirstAsync(grains.GetGrain<IFleetFeedGrain>(7));

        Assert.True(first.IsSnapshot);
        Assert.Equal(servers.Select(server => server.Id).ToHashSet(), first.Servers.Select(listing => listing.Snapshot.Id).ToHashSet());
        Assert.Equal(["h1", "h2"], first.Hosts.Select(host => host.Id.Value).Order());
    }

    [Fact]
    public async Task Adopted_Server_KeepsItsLimitsPromised()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var grains = cluster.Control("c1").GetRequiredService<IGrainFactory>();
        await Eventually.GetAsync(grains.GetGrain<IFleetGrain>(0).ListHostsAsync, hosts => hosts.Length == 1);
        var held = new ServerAssignment
        {
            Server = ServerId.New(),
            Host = new HostId("h1"),
            Epoch = 1,
            Version = 1,
            Spec = Specs.Game() with { Limits = new ServerLimits { MemoryMiB = 2_048 } },
        };

        Assert.True((await grains.GetGrain<IServerRecordGrain>(held.Server.Value).AdoptAsync(held)).IsAccepted);

        // The host may not have said yet how much it has.
        var host = await Eventually.GetAsync(grains.GetGrain<IHostGrain>("h1").GetSnapshotAsync, host => host.Capacity is not null);
        Assert.Equal(2_048, host.Capacity!.Memory.Promised);
    }

    private static async Task<int> CountAsync(IGrainFactory grains, string host)
        => (await grains.GetGrain<IHostFeedGrain>(host).GetUpdateAsync()).Servers.Length;

    private static async Task<FleetUpdate> FirstAsync(IFleetFeedGrain feed)
    {
        await foreach (var update in feed.WatchAsync())
            return update;
        throw new InvalidOperationException("The feed ended.");
    }
}

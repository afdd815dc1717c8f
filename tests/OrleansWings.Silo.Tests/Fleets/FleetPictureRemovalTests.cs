using OrleansWings.Client.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Fleets;

public sealed class FleetPictureRemovalTests
{
    private static readonly ServerId[] s_ids = [.. Enumerable.Range(0, 4).Select(_ => ServerId.New())];

    private readonly FleetPicture _picture = new(maxRemoved: 2);

    [Fact]
    public async Task Watch_FewRemoved_ToldOneByOne()
    {
        await using var viewer = await WatchAsync();
        Remove(s_ids[0]);

        var step = await NextAsync(viewer);

        Assert.False(step.IsSnapshot);
        Assert.Equal([s_ids[0]], step.Removed);
    }

    [Fact]
    public async Task Watch_MoreRemovedThanAreRemembered_EverythingAnew()
    {
        await using var viewer = await WatchAsync();
        foreach (var server in s_ids[..3])
            Remove(server);

        var step = await NextAsync(viewer);

        Assert.True(step.IsSnapshot);
        Assert.Equal([s_ids[3]], step.Servers.Select(listing => listing.Snapshot.Id));
    }

    [Fact]
    public async Task Watch_HostRemoved_ToldWithItsServersAndComesBackAsNew()
    {
        var host = new HostSnapshot { Id = new HostId("h1") };
        _picture.Apply(new FleetUpdate { Hosts = [host, new HostSnapshot { Id = new HostId("h2") }], Servers = [Listing(s_ids[0], revision: 1)] });
        await using var viewer = _picture.WatchAsync(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken).GetAsyncEnumerator();
        await NextAsync(viewer);

        _picture.Apply(new FleetUpdate { RemovedHosts = [host.Id] });
        var gone = await NextAsync(viewer);
        _picture.Apply(new FleetUpdate { Hosts = [host] });
        var back = await NextAsync(viewer);

        Assert.Equal([host.Id], gone.RemovedHosts);
        Assert.Equal([s_ids[0]], gone.Removed);
        Assert.Empty(back.RemovedHosts);
        Assert.Equal([host.Id], back.Hosts.Select(one => one.Id));
    }

    [Fact]
    public async Task Apply_OlderRevision_KeepsTheNewer()
    {
        _picture.Apply(new FleetUpdate { Servers = [Listing(s_ids[0], revision: 7)] });
        _picture.Apply(new FleetUpdate { Servers = [Listing(s_ids[0], revision: 6)] });

        await using var viewer = _picture.WatchAsync(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken).GetAsyncEnumerator();

        Assert.Equal(7, Assert.Single((await NextAsync(viewer)).Servers).Snapshot.Revision);
    }

    private async Task<IAsyncEnumerator<FleetUpdate>> WatchAsync()
    {
        _picture.Apply(new FleetUpdate { Servers = [.. s_ids.Select(id => Listing(id, revision: 1))] });
        var viewer = _picture.WatchAsync(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.Equal(s_ids.Length, (await NextAsync(viewer)).Servers.Length);
        return viewer;
    }

    private void Remove(ServerId server) => _picture.Apply(new FleetUpdate { Removed = [server] });

    private static async Task<FleetUpdate> NextAsync(IAsyncEnumerator<FleetUpdate> viewer)
    {
        Assert.True(await viewer.MoveNextAsync());
        return viewer.Current;
    }

    private static ServerListing Listing(ServerId id, long revision)
        => new(new ServerSnapshot { Id = id, Name = "one", Host = new HostId("h1"), State = PowerState.Offline, Revision = revision }, null);
}

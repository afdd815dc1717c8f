using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A server is deleted while its host is lost, which cannot say so for as long as it is away.</summary>
public sealed class LostDeletionTests
{
    [Fact]
    public async Task Delete_HostIsLost_IsShownAtOnceAndSoIsTheRestore()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game("lobby"));
        await using var viewer = new ListViewer(cluster.Feed);
        await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id) is { Snapshot.State: PowerState.Running } shown ? shown : null);
        await cluster.StopHostAsync("h1", isKilled: true);
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts is [{ Status: HostStatus.Lost }]);
        var before = await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id) is { Snapshot.IsReachable: false } shown ? shown : null);

        Assert.True((await server.DeleteAsync()).IsAccepted);

        var deleted = await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id) is { Snapshot.IsDeleted: true } shown ? shown : null);
        // What was last known of it stays, and is not confirmed.
        Assert.Equal((PowerState.Running, false, before.Snapshot.Revision), (deleted.Snapshot.State, deleted.Snapshot.IsReachable, deleted.Snapshot.Revision));
        Assert.True((await server.GetSnapshotAsync())!.IsDeleted);
        Assert.All(await cluster.Fleet.ListServersAsync(), listed => Assert.True(listed.IsDeleted));
        Assert.Equal([server.Id], (await cluster.Fleet.ListDeletedServersAsync()).Select(one => one.Id));

        await Eventually.GetAsync(server.RestoreAsync, restored => restored.IsAccepted);
        await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id) is { Snapshot.IsDeleted: false } shown ? shown : null);
        Assert.False((await server.GetSnapshotAsync())!.IsDeleted);
        Assert.Empty(await cluster.Fleet.ListDeletedServersAsync());
    }

    [Fact]
    public async Task Delete_HostIsLostAndComesBack_TheHostDoesIt()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game("lobby"));
        await using var viewer = new ListViewer(cluster.Feed);
        await cluster.StopHostAsync("h1", isKilled: true);
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts is [{ Status: HostStatus.Lost }]);
        await Eventually.GetAsync(server.DeleteAsync, result => result.IsAccepted);
        await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id) is { Snapshot.IsDeleted: true } shown ? shown : null);

        await cluster.StartHostAsync("h1");

        await viewer.WaitAsync(servers => servers.GetValueOrDefault(server.Id) is { Snapshot: { IsDeleted: true, IsReachable: true, State: PowerState.Offline } } shown ? shown : null);
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);
        Assert.Equal([server.Id], (await cluster.Fleet.ListDeletedServersAsync()).Select(one => one.Id));
    }
}

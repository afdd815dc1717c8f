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
}

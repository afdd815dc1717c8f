using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Consoles;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>Where everything sits: a host that is lost must take along nothing that others need.</summary>
public sealed class PlacementTests
{
    private static readonly string[] s_pinned = ["server", "host-agent"];

    [Fact]
    public async Task Grains_TwoControlsAndFourHosts_EachIsWhereItBelongs()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 4, controls: 2);
        for (var i = 1; i <= 4; i++)
        {
            var host = new HostId($"h{i}");
            await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts.Any(known => known.Id == host));
            var server = await cluster.RunServerAsync(Specs.Game($"on {host}") with { Host = host });
            Assert.Equal(host, (await server.GetSnapshotAsync())!.Host);
            await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.Last(10));
            await Eventually.TrueAsync(() => viewer.HasSeen("Done ("));
        }

        var names = cluster.Control("c1").GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members
            .ToDictionary(member => member.Key, member => member.Value.Name);
        var grains = await cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        var ours = grains.Where(grain => !grain.GrainId.Type.ToString()!.StartsWith("sys.", StringComparison.Ordinal)).ToArray();

        Assert.Contains(ours, grain => grain.GrainId.Type.ToString() == "server");
        Assert.Contains(ours, grain => grain.GrainId.Type.ToString() == "console-feed");
        Assert.Contains(ours, grain => grain.GrainId.Type.ToString() == "stream-queue");
        Assert.All(ours, grain => Assert.Equal(
            s_pinned.Contains(grain.GrainId.Type.ToString()) ? "host" : "control", names[grain.SiloAddress].Split(':')[0]));
        Assert.All(
            ours.Where(grain => grain.GrainId.Type.ToString() == "host-agent"),
            grain => Assert.Equal($"host:{grain.GrainId.Key}", names[grain.SiloAddress]));
    }

    [Fact]
    public async Task Server_ItsHostIsGone_IsRefusedAndShownAsNotConfirmed()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers is [{ State: PowerState.Running }]);

        await cluster.StopHostAsync("h1", isKilled: false);

        // Who asks in the moment of the leaving is told that nobody answers; after that, who does not.
        await Eventually.GetAsync(server.StopAsync, result => result.Refusal == ServerRefusal.HostUnreachable && result.Message.Contains("h1", StringComparison.Ordinal));
        var snapshot = await server.GetSnapshotAsync();
        Assert.False(snapshot!.IsReachable);
        Assert.Single(cluster.FakeEngine("h1").Containers, container => container.IsRunning);
    }

    [Fact]
    public async Task Server_UnknownId_IsRefusedByName()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var unknown = cluster.Fleet.GetServer(ServerId.New());

        Assert.Equal(ServerRefusal.NotFound, (await unknown.StartAsync()).Refusal);
        Assert.Equal(ServerRefusal.NotFound, (await unknown.DeleteAsync()).Refusal);
        Assert.Null(await unknown.GetSnapshotAsync());
    }
}

using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A server is given to another host while its own is away: two real engines, and a game that runs on meanwhile.</summary>
[Trait("Needs", "Docker")]
public sealed class ReassignOnEngineTests
{
    [Fact]
    public async Task Reassign_HostIsLost_TheReturningHostEndsTheGameThatRanOn_AndLeavesItsFiles()
    {
        RealEngine.Require();
        await using var other = await PrivateEngine.StartAsync(RealEngine.NameOfOwn("h2"), CancellationToken.None);
        var (first, second) = (new DockerCommand(RealEngine.Require()), new DockerCommand(other.Address));
        await using var cluster = await WingsCluster.StartAsync(hosts: 2, engine: host => host == "h1" ? RealEngine.Open() : new(other.Address));
        var server = await cluster.RunServerAsync(Specs.Game() with { Image = "~" + RealEngine.Image, Host = new HostId("h1") });
        var name = server.Id.ToString();
        try
        {
            Assert.True((await server.SendCommandAsync("run echo mine > /home/container/world")).IsAccepted);
            var file = Path.Combine(cluster.DataFolder("h1"), "volumes", name, "world");
            await Eventually.TrueAsync(() => File.Exists(file));
            await cluster.StopHostAsync("h1", isKilled: true);
            Assert.Equal("running", await first.StatusAsync(name));

            await Eventually.GetAsync(() => server.ReassignAsync(new HostId("h2"), isRiskAccepted: true), result => result.IsAccepted);
            var running = await cluster.StartServerAsync(server);
            Assert.Equal(("h2", 2), (running.Host.Value, running.Run));
            Assert.Equal(("running", "running"), (await first.StatusAsync(name), await second.StatusAsync(name)));

            await cluster.StartHostAsync("h1");
            await Eventually.GetAsync(() => first.StatusAsync(name), status => status is null);
            Assert.Equal("mine", (await File.ReadAllTextAsync(file)).Trim());
            Assert.Equal("running", await second.StatusAsync(name));
            Assert.Equal((PowerState.Running, "h2"), ((await server.GetSnapshotAsync())!.State, (await server.GetSnapshotAsync())!.Host.Value));
        }
        finally
        {
            await first.RemoveAsync([name]);
        }
    }
}

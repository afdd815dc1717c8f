using OrleansWings.Silo.Tests.Clusters;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Networks;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Usages;

/// <summary>Who is connected to a game in a real container.</summary>
[Trait("Needs", "Docker")]
public sealed class PlayersOnEngineTests
{
    [Fact]
    public async Task Count_IsWhoIsConnectedByTcp_AndUnknownOnceTheGameListensOnUdp()
    {
        RealEngine.Require();
        var docker = new DockerCommand(RealEngine.Require());
        var cluster = await WingsCluster.StartAsync(engine: _ => RealEngine.Open());
        var spec = Specs.Game() with { Image = "~" + RealEngine.Image, Ports = [new("127.0.0.1", 25_700)] };
        var server = await cluster.CreateServerAsync(spec);
        var (name, player) = (server.Id.ToString(), $"{server.Id}-player");
        try
        {
            Assert.Equal(0, await server.CountPlayersAsync());
            await cluster.StartServerAsync(server);
            await Eventually.GetAsync(server.CountPlayersAsync, players => players == 0);

            Assert.True((await server.SendCommandAsync("run sleep 600 | nc -l -p 25700 > /dev/null &")).IsAccepted);
            var address = await docker.InspectAsync(name, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
            var network = await docker.InspectAsync(name, "{{.HostConfig.NetworkMode}}");
            await docker.RunAsync("run", "-d", "--name", player, "--network", network!, "--entrypoint", "sh", RealEngine.Image, "-c", $"while :; do sleep 600 | nc {address} 25700; sleep 0.2; done");
            await Eventually.GetAsync(server.CountPlayersAsync, players => players == 1);

            // It listens where it did until its next start.
            Assert.True((await server.UpdateAsync(spec with { Ports = [new("127.0.0.1", 25_701)] })).IsAccepted);
            await Eventually.GetAsync(server.GetSnapshotAsync, now => now is { IsSpecPending: true });
            Assert.Equal(1, await server.CountPlayersAsync());

            await docker.RemoveAsync([player]);
            await Eventually.GetAsync(server.CountPlayersAsync, players => players == 0);
            // The tests' image has nothing that speaks UDP: the test itself binds it in the container's network.
            using var udp = NamespaceSocket.BindUdp($"/proc/{await docker.InspectAsync(name, "{{.State.Pid}}")}/ns/net", 25_700);
            await Eventually.GetAsync(server.CountPlayersAsync, players => players is null);
            Assert.True((await server.KillAsync()).IsAccepted);
            await Eventually.GetAsync(server.CountPlayersAsync, players => players == 0);
        }
        finally
        {
            // Before its containers are taken away: it would start them again.
            await cluster.DisposeAsync();
            await docker.RemoveAsync([name, player]);
        }
    }
}

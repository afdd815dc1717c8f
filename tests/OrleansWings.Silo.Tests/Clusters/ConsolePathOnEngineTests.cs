using System.Diagnostics;
using OrleansWings.Consoles;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>The peer's fault 4 on a real engine: one viewer that does not read holds up the game, the other viewers and a kill.</summary>
[Trait("Needs", "Docker")]
public sealed class ConsolePathOnEngineTests
{
    // The viewer here reads nothing until the test is over, and nothing in the way of a line gives it up: a kill that waited for it would wait for ever. The peer's took 10 to 30 s.
    private static readonly TimeSpan s_killPassesWithin = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Watch_OneViewerNeverReads_TheOtherSeesEveryLine_AndAKillInTheFloodPasses()
    {
        const int lines = 200_000;
        var docker = new DockerCommand(RealEngine.Require());
        await using var cluster = await WingsCluster.StartAsync(engine: _ => RealEngine.Open());
        var server = await cluster.RunServerAsync(Specs.Game() with { Image = "~" + RealEngine.Image });
        var stall = new TaskCompletionSource();
        await using var stalled = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start)) { BeforeNext = () => stall.Task };
        try
        {
            await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start));
            Assert.True((await server.SendCommandAsync($"flood {lines}")).IsAccepted);
            await Eventually.TrueAsync(() => viewer.HasSeen("flood over"));
            Assert.Equal(Enumerable.Range(1, lines).Select(i => $"flood {i}"), viewer.GameLines.Where(line => line.StartsWith("flood ", StringComparison.Ordinal)).Skip(1).Take(lines));
            Assert.Empty(viewer.Faults);

            Assert.True((await server.SendCommandAsync("flood 50000000")).IsAccepted);
            await Eventually.TrueAsync(() => viewer.Count > 2 * lines);
            var since = Stopwatch.GetTimestamp();
            Assert.True((await server.KillAsync()).IsAccepted);
            await cluster.WaitForAsync(server, PowerState.Offline);

            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, s_killPassesWithin);
            Assert.Equal("exited 137", await docker.InspectAsync(server.Id.ToString(), "{{.State.Status}} {{.State.ExitCode}}"));
            Assert.InRange(stalled.Count, 0, lines);
        }
        finally
        {
            stall.SetResult();
            await docker.RemoveAsync([server.Id.ToString()]);
        }
    }
}

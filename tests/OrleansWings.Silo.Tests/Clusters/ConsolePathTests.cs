using OrleansWings.Consoles;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>The whole way of a console line: session, journal, stream, feed, hub — host and control in silos of their own.</summary>
public sealed class ConsolePathTests
{
    [Fact]
    public async Task Watch_CommandIsSent_ItsAnswerComesThroughTheStream()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.Last(100));
        await Eventually.TrueAsync(() => viewer.HasSeen("Done ("));

        Assert.True((await server.SendCommandAsync("dance now")).IsAccepted);

        await Eventually.TrueAsync(() => viewer.HasSeen("Unknown command: dance now"));
        Assert.Empty(viewer.Faults);
    }

    [Fact]
    public async Task Watch_Flood_EveryLineComesOnceInOrder()
    {
        const int lines = 200_000;
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start));

        Assert.True((await server.SendCommandAsync($"flood {lines}")).IsAccepted);

        await Eventually.TrueAsync(() => viewer.HasSeen("flood over"));
        Assert.Empty(viewer.Faults);
        AssertFlood(viewer, lines);
    }

    [Fact]
    public async Task Watch_OneViewerStalls_TheOtherSeesEverythingAndKillPasses()
    {
        const int lines = 50_000;
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        var stall = new TaskCompletionSource();
        await using var stalled = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start)) { BeforeNext = () => stall.Task };
        await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start));

        Assert.True((await server.SendCommandAsync($"flood {lines}")).IsAccepted);
        await Eventually.TrueAsync(() => viewer.HasSeen("flood over"));
        Assert.True((await server.KillAsync()).IsAccepted);
        await cluster.WaitForAsync(server, PowerState.Offline);
        stall.SetResult();
        await Eventually.TrueAsync(() => stalled.HasSeen("flood over"));

        AssertFlood(viewer, lines);
        AssertFlood(stalled, lines);
        Assert.Empty(stalled.Faults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_HostGoesAndComesBackMidFlood_NothingIsMissing(bool isKilled)
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start));
        Assert.True((await server.SendCommandAsync("flood 20000")).IsAccepted);
        await Eventually.TrueAsync(() => viewer.Count > 100 || viewer.Faults.Count > 0);
        Assert.Empty(viewer.Faults);

        await cluster.StopHostAsync("h1", isKilled);
        await cluster.StartHostAsync("h1");
        await cluster.WaitForAsync(server, PowerState.Running);
        await Eventually.GetAsync(() => server.SendCommandAsync("flood 300"), sent => sent.IsAccepted);

        await Eventually.TrueAsync(() => viewer.Lines.Count(line => line.Text == "flood over") == 2);
        Assert.Empty(viewer.Faults);
        Assert.Equal(Flood(20_000).Concat(Flood(300)), FloodLines(viewer));
    }

    [Fact]
    public async Task Watch_ServerIsStartedAgain_TheNewRunFollows()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start));

        await server.RestartAsync();

        await Eventually.TrueAsync(() => viewer.Lines.Any(line => line.Position.Run == 2 && line.Text.Contains("Done (", StringComparison.Ordinal)));
        Assert.Empty(viewer.Faults);
        Assert.Equal(new ConsolePosition(1, 1), viewer.Lines[0].Position);
    }

    [Fact]
    public async Task Watch_SaidBeforeTheFeedHasBegun_IsShownWithoutFurtherOutput()
    {
        var feed = new LateFeed();
        await using var cluster = await WingsCluster.StartAsync(calls: feed);
        var server = await cluster.RunServerAsync(Specs.Game());
        await using var viewer = new ConsoleViewer(cluster.Consoles, server.Id, ConsoleCursor.From(ConsolePosition.Start));
        await Eventually.TrueAsync(() => viewer.Count > 0);
        await feed.Begins;

        Assert.True((await server.SendCommandAsync("dance")).IsAccepted);
        await Eventually.GetAsync(() => server.ReadLogAsync(20), lines => lines.Any(line => line.Contains("Unknown command: dance", StringComparison.Ordinal)));
        feed.GoOn();

        await Eventually.TrueAsync(() => viewer.HasSeen("Unknown command: dance"));
        Assert.Empty(viewer.Faults);
    }

    /// <summary>Holds the feed at its first step, before it has looked where the console stands.</summary>
    private sealed class LateFeed : IIncomingGrainCallFilter
    {
        private readonly TaskCompletionSource _begins = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begins => _begins.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public void GoOn() => _goesOn.TrySetResult();

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName == nameof(IServerGrain.PublishConsoleAsync))
            {
                _begins.TrySetResult();
                await _goesOn.Task;
            }

            await context.Invoke();
        }
    }

    private static void AssertFlood(ConsoleViewer viewer, int lines) => Assert.Equal(Flood(lines), FloodLines(viewer));

    private static IEnumerable<string> FloodLines(ConsoleViewer viewer)
        => viewer.GameLines.Where(line => line.StartsWith("flood ", StringComparison.Ordinal));

    // The terminal echoes the command.
    private static IEnumerable<string> Flood(int lines) => [$"flood {lines}", .. Enumerable.Range(1, lines).Select(i => $"flood {i}"), "flood over"];
}

using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Benchmarks.Servers;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Benchmarks.Consoles;

/// <summary>Floods to a viewer that reads, beside viewers of the same console that have stopped reading; then a kill in the middle of one.</summary>
internal static class ViewersBenchmark
{
    private const int Rounds = 5;
    private const string EndlessFlood = "flood 100000000";
    private static readonly TimeSpan s_underWay = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(Installation silo, IContainerEngine engine, Report report)
    {
        await using var raw = await RawServer.CreateAsync(silo, engine);
        await raw.StartAsync();
        var server = await silo.RunAsync("viewers");
        var kept = new List<ConsoleBatch>();
        await using (var viewer = new ViewerConsole(server, silo.Consoles, kept))
        {
            await RoundTrip.MeasureAsync(viewer);
            await Flood.MeasureAsync(viewer);
            var (alone, beside) = (new Samples(), new Samples());
            for (var round = 0; round < Rounds; round++)
            {
                alone.Add(await Flood.MeasureAsync(viewer));
                await using var stalled = await StallAsync(silo, server);
                beside.Add(await Flood.MeasureAsync(viewer));
            }

            report.AtLeastRatio("flood to a good viewer beside two that do not read, lines/s (raw: without them)", beside.Median, alone.Median, 0.9);
            report.AtMost("lines that the good one lost, of 2,200,000", Flood.CountLost(kept, 2 * Rounds + 1), 0);
        }

        await using var stalledToo = await StallAsync(silo, server);
        await KillAsync(silo, server, raw, report);
    }

    // One in this process, and one with a subscription of its own, as the hub of another process has it.
    private static async Task<Stalled> StallAsync(Installation silo, IServer server)
    {
        var feed = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IConsoleFeedGrain>(server.Id.Value);
        return new Stalled(
            await StalledViewer.StallAsync(stop => silo.Consoles.WatchAsync(server.Id, ConsoleCursor.Last(10), stop)),
            await StalledViewer.StallAsync(stop => feed.WatchAsync(ConsoleCursor.Last(10), stop)));
    }

    private static async Task KillAsync(Installation silo, IServer server, RawServer raw, Report report)
    {
        var (answered, offline, rawExit) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            await raw.Console.TypeAsync(EndlessFlood);
            await Task.Delay(s_underWay);
            rawExit.Add(await raw.KillAsync());
            await raw.StartAsync();

            await server.SendCommandAsync(EndlessFlood);
            await Task.Delay(s_underWay);
            var times = await server.DoAsync(silo.Servers, PowerState.Offline, server.KillAsync);
            answered.Add(times.Asked - times.Accepted);
            offline.Add(times.Asked);
            await server.DoAsync(silo.Servers, PowerState.Running, server.StartAsync);
        }

        report.AtMost("a kill in such a flood: asked → answered, the longest of five, ms", answered.At(1), 100);
        report.Plain("the same: asked → offline (real exit), median, ms", offline.Median, rawExit.Median);
        await server.KillAsync();
    }

    private sealed record Stalled(StalledViewer Here, StalledViewer Elsewhere) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Here.DisposeAsync();
            await Elsewhere.DisposeAsync();
        }
    }
}

using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Benchmarks.Servers;

/// <summary>Start and stop, ours and the raw engine's in turn.</summary>
internal static class PowerBenchmark
{
    private const int WarmUps = 4;
    private const int Rounds = 20;

    public static async Task RunAsync(Installation silo, IContainerEngine engine, Report report)
    {
        await using var raw = await RawServer.CreateAsync(silo, engine);
        var server = await silo.CreateAsync("power");
        var (start, startAsked, rawStart) = (new Samples(), new Samples(), new Samples());
        var (stop, stopAsked, rawStop) = (new Samples(), new Samples(), new Samples());
        for (var i = 0; i < WarmUps + Rounds; i++)
        {
            // Each goes first as often as the other: what comes second finds the machine as the first one left it.
            var first = i % 2 == 0 ? await MeasureAsync(raw) : default;
            var (started, stopped) = await MeasureAsync(silo, server);
            var (rawStarted, rawStopped) = i % 2 == 0 ? first : await MeasureAsync(raw);
            if (i < WarmUps)
                continue;
            rawStart.Add(rawStarted);
            rawStop.Add(rawStopped);
            start.Add(started.Accepted);
            startAsked.Add(started.Asked);
            stop.Add(stopped.Accepted);
            stopAsked.Add(stopped.Asked);
        }

        report.Ratio("start accepted → running, ms", start.Median, rawStart.Median, 1.05);
        report.Plain("start asked → running, ms", startAsked.Median, rawStart.Median);
        report.Ratio("stop accepted → offline (real exit), ms", stop.Median, rawStop.Median, 1.1);
        report.Plain("stop asked → offline (real exit), ms", stopAsked.Median, rawStop.Median);
        await server.DeleteAsync();
    }

    private static async Task<(TimeSpan Start, TimeSpan Stop)> MeasureAsync(RawServer raw)
    {
        var started = await raw.StartAsync();
        await PauseAsync();
        var stopped = await raw.StopAsync();
        await PauseAsync();
        return (started, stopped);
    }

    private static async Task<(PowerTimes Start, PowerTimes Stop)> MeasureAsync(Installation silo, IServer server)
    {
        var started = await server.DoAsync(silo.Servers, PowerState.Running, server.StartAsync);
        await PauseAsync();
        var stopped = await server.DoAsync(silo.Servers, PowerState.Offline, server.StopAsync);
        await PauseAsync();
        return (started, stopped);
    }

    // What the one left to do behind itself must not count to the other.
    private static Task PauseAsync() => Task.Delay(100);
}

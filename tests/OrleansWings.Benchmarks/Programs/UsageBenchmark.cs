using System.Diagnostics;
using OrleansWings.Servers;

namespace OrleansWings.Benchmarks.Programs;

/// <summary>What measuring 100 running servers once a second costs the whole machine, and how many samples come to a viewer of the list.</summary>
internal static class UsageBenchmark
{
    private const int Servers = 100;

    // What the compiler does in the first minute is no cost of measuring: see "Where the CPU of a quiet program goes".
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_settleEngine = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_counted = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(Uri engine, string program, string folder, Report report)
    {
        var data = Path.Combine(folder, "full");
        await FullFolder.FillAsync(engine, data, Servers);
        var perSecond = await CountSamplesAsync(engine, data);
        await Task.Delay(s_settleEngine);
        var parts = EngineProcesses.Find(engine);
        if (parts.Shims.Length < Servers)
            throw new InvalidOperationException($"Of {Servers} containers only {parts.Shims.Length} have a shim that runs.");
        var alone = await ProcessCpu.MeasureAsync(s_window, parts.Engine, parts.Containerd, parts.Shims);

        await using var process = await ProgramProcess.StartReadyAsync(engine, program, data);
        await Task.Delay(s_settle);
        var read = await ProcessCpu.MeasureAsync(s_window, [process.Id], parts.Engine, parts.Containerd, parts.Shims);

        report.AtMost($"usage of {Servers} running servers: CPU above that without a reader, % of a core", read.Sum() - alone.Sum(), 3);
        report.Plain("of it the program, all that it does included", read[0]);
        report.Plain("the engine, beside its own without a reader", read[1], alone[0]);
        report.Plain("containerd, the same", read[2], alone[1]);
        report.Plain("the shims, the same", read[3], alone[2]);
        // One each second is what the sampler promises; at the window's ends one of each may be out.
        report.AtLeast($"usage of {Servers} running servers: samples that come to a viewer, per second", perSecond, 0.98 * Servers);
    }

    private static async Task<double> CountSamplesAsync(Uri engine, string data)
    {
        await using var silo = await Installation.OpenAsync(engine, data);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var last = new Dictionary<ServerId, DateTimeOffset>();
        var (count, began) = (0, 0L);
        await foreach (var update in silo.Feed.WatchAsync(limit.Token))
        {
            foreach (var (snapshot, usage) in update.Servers)
            {
                // The list says a server also when something else of it changed: a sample counts once.
                if (usage is null || last.GetValueOrDefault(snapshot.Id) == usage.At)
                    continue;
                last[snapshot.Id] = usage.At;
                count++;
            }

            // Counted from a moment when each had come once.
            if (began == 0 && last.Count >= Servers)
                (began, count) = (Stopwatch.GetTimestamp(), 0);
            else if (began != 0 && Stopwatch.GetElapsedTime(began) is var passed && passed >= s_counted)
                return count / passed.TotalSeconds;
        }

        throw new InvalidOperationException("The list's feed ended.");
    }
}

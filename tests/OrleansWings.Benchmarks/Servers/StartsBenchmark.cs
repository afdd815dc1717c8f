using System.Diagnostics;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Benchmarks.Servers;

/// <summary>80 starts that are asked for at once, beside the raw engine doing the same at several parallelisms.</summary>
internal static class StartsBenchmark
{
    private const int Servers = 80;

    // How many are stopped or removed at once: not measured.
    private const int AtOnce = 8;

    // All at once the engine leaves calls unanswered for longer than the 30 s that they are given.
    private static readonly int[] s_parallelisms = [2, 4, 8, 16];

    public static async Task RunAsync(Installation silo, IContainerEngine engine, Report report)
    {
        var raw = new List<RawServer>();
        try
        {
            var servers = new List<IServer>();
            for (var i = 0; i < Servers; i++)
            {
                raw.Add(await RawServer.CreateAsync(silo, engine));
                servers.Add(await silo.CreateAsync($"start {i}"));
            }

            // Each has a container of a start before: what is removed is part of a start.
            await RunOursAsync(silo, servers);
            // Before and after the raw engine, as a machine gets slower or faster meanwhile.
            var before = await RunOursAsync(silo, servers);
            var others = new Dictionary<int, Samples>();
            foreach (var parallelism in s_parallelisms)
                others[parallelism] = await RunRawAsync(raw, parallelism);
            Tell(before, await RunOursAsync(silo, servers), others, report);
            await ForAllAsync(servers, async server => await server.DeleteAsync());
        }
        finally
        {
            await ForAllAsync(raw, async server => await server.DisposeAsync());
        }
    }

    private static void Tell(Samples before, Samples after, Dictionary<int, Samples> raw, Report report)
    {
        foreach (var (parallelism, samples) in raw)
            report.Plain($"{Servers} raw starts, {parallelism} at a time: the last, ms", samples.At(1));
        var (parallelismOfBest, best) = raw.MinBy(each => each.Value.At(1));
        var (last, median) = ((before.At(1) + after.At(1)) / 2, (before.Median + after.Median) / 2);
        report.Plain("ours before and after those, ms", before.At(1), after.At(1));
        report.Ratio($"{Servers} starts asked at once: the last is running, mean of both, ms (raw: {parallelismOfBest} at a time)", last, best.At(1), 1);
        report.Plain("the median server, ms", median, best.Median);
        report.Ratio("the median server beside the last, ms", median, last, 0.55);
    }

    private static async Task<Samples> RunOursAsync(Installation silo, List<IServer> servers)
    {
        var samples = new Samples();
        foreach (var times in await Task.WhenAll(servers.Select(server => server.DoAsync(silo.Servers, PowerState.Running, server.StartAsync))))
            samples.Add(times.Asked);
        Console.Error.WriteLine($"  ours: the last after {samples.At(1):N0} ms");
        await ForAllAsync(servers, async server => await server.DoAsync(silo.Servers, PowerState.Offline, server.StopAsync));
        return samples;
    }

    private static async Task<Samples> RunRawAsync(List<RawServer> servers, int parallelism)
    {
        var (samples, began) = (new Samples(), Stopwatch.GetTimestamp());
        await Parallel.ForEachAsync(servers, new ParallelOptions { MaxDegreeOfParallelism = parallelism }, async (server, _) =>
        {
            await server.StartAsync();
            var running = Stopwatch.GetElapsedTime(began);
            lock (samples)
                samples.Add(running);
        });
        Console.Error.WriteLine($"  raw, {parallelism} at a time: the last after {samples.At(1):N0} ms");
        await ForAllAsync(servers, async server => await server.StopAsync());
        return samples;
    }

    private static Task ForAllAsync<T>(IEnumerable<T> all, Func<T, Task> action)
        => Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (each, _) => await action(each));
}

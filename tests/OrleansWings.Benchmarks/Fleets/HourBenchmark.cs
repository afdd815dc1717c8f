using System.Diagnostics;
using OrleansWings.Servers;
using OrleansWings.Testing.Fleets;

namespace OrleansWings.Benchmarks.Fleets;

/// <summary>
/// Two control silos and three hosts as processes on Redis, whose games take every core there is: for so long, does the
/// cluster take anybody for dead who is not? Everything is on one machine, so what takes the games' CPU takes the silos' too.
/// </summary>
internal static class HourBenchmark
{
    private const int Hosts = 3;
    private const int BusyPerHost = 2;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(int minutes, Report report)
    {
        await using var fleet = await FleetRun.StartAsync(Hosts, controls: 2);
        var servers = new List<IServer>();
        for (var i = 0; i < Hosts * BusyPerHost; i++)
        {
            var server = await fleet.RunServerAsync($"h{1 + i % Hosts}", $"busy {i}");
            while (!(await server.SendCommandAsync("burn")).IsAccepted)
                await Task.Delay(200);
            servers.Add(server);
        }

        var began = Stopwatch.GetTimestamp();
        var (busy, told) = (await MachineCpu.ReadAsync(), TimeSpan.Zero);
        var count = new HourCount();
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < TimeSpan.FromMinutes(minutes))
        {
            await Task.WhenAll(servers.Select(server => count.CallAsync(server)).Append(count.LookAsync(fleet)).Append(Task.Delay(s_every)));
            if (elapsed - told < s_tellEvery)
                continue;
            told = elapsed;
            Console.Error.WriteLine($"{elapsed:hh\\:mm\\:ss}: {count}");
        }

        var cpu = MachineCpu.Busy(busy, await MachineCpu.ReadAsync());
        report.Plain("minutes with busy games", Stopwatch.GetElapsedTime(began).TotalMinutes);
        report.Plain("the machine's CPU in use meanwhile, %", cpu * 100);
        report.AtMost("silos taken for dead that were not", count.Deaths, 0);
        report.AtMost("processes that ended", Enumerable.Range(1, Hosts).Sum(i => fleet[$"h{i}"].Restarts) + fleet["c1"].Restarts + fleet["c2"].Restarts, 0);
        report.Plain("the most votes against a silo at one time (4 missed probes are one, two are a death)", count.MostVotes);
        report.AtMost($"looks at which a host was shown as silent or lost, of {count.Looks}", count.SilentLooks, 0);
        report.AtMost($"calls answered HostUnreachable, of {count.Calls.Count}", count.Of(ServerRefusal.HostUnreachable), 0);
        report.AtMost("calls answered OutcomeUnknown", count.Of(ServerRefusal.OutcomeUnknown), 0);
        report.Plain("a call, p50, ms", count.Calls.Median);
        report.Plain("a call, p99, ms", count.Calls.At(0.99));
        report.Plain("a call, the longest, ms", count.Calls.At(1));
        report.Note($"Every answer: {count}");
    }
}

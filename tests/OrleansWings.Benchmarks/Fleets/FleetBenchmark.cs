using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Client.Consoles;
using OrleansWings.Consoles;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Fleets;

namespace OrleansWings.Benchmarks.Fleets;

/// <summary>
/// A fleet on a network of its own: two control silos, three hosts, TLS. A host is killed, hung and cut off: what callers of its servers are
/// answered and when, what others notice, and how soon it is back.
/// </summary>
internal static class FleetBenchmark
{
    private const int Rounds = 3;
    private const int Callers = 40;
    private const int Viewed = 8;

    private static readonly (string How, Func<FleetMachine, Task> Lose, Func<FleetMachine, Task> BringBack)[] s_losses =
    [
        ("killed", host => host.Member.KillAsync(), host => host.Member.LaunchAsync()),
        ("hung", host => host.Member.FreezeAsync(), host => host.Member.ThawAsync()),
        ("cut off", host => host.Network.CutAsync(), host => host.Network.JoinAsync()),
    ];

    public static async Task RunAsync(Report report)
    {
        await using var fleet = new SpreadFleet();
        await fleet.EnsureAsync();
        var lost = await fleet.RunServerAsync("h2", "lost");
        foreach (var loss in s_losses)
            await LoseAsync(fleet, lost, loss, report);
        await CompareAsync(fleet, report);
    }

    private static async Task LoseAsync(SpreadFleet fleet, IServer server, (string How, Func<FleetMachine, Task> Lose, Func<FleetMachine, Task> BringBack) loss, Report report)
    {
        var (silent, gone, back, calls) = (new Samples(), new Samples(), new Samples(), new List<(ServerRefusal Answer, TimeSpan Took)>());
        var host = fleet["h2"];
        for (var round = 0; round < Rounds; round++)
        {
            await WaitForAsync(fleet, HostStatus.Ready);
            var began = Stopwatch.GetTimestamp();
            await loss.Lose(host);
            await using (var callers = new CallTally(Callers, server.StartAsync))
            {
                await WaitForAsync(fleet, HostStatus.Silent, HostStatus.Lost);
                silent.Add(Stopwatch.GetElapsedTime(began));
                await WaitForAsync(fleet, HostStatus.Lost);
                gone.Add(Stopwatch.GetElapsedTime(began));
                // Long enough that a host which is cut off has found out too.
                await Task.Delay(TimeSpan.FromSeconds(12));
                await callers.StopAsync();
                calls.AddRange(callers.Calls);
            }

            var returned = Stopwatch.GetTimestamp();
            await loss.BringBack(host);
            await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true });
            back.Add(Stopwatch.GetElapsedTime(returned));
        }

        report.Plain($"a host is {loss.How}: shown as silent or lost after, s", silent.Median / 1000);
        report.Plain($"a host is {loss.How}: shown as lost after, s", gone.Median / 1000);
        report.AtMost($"a host is {loss.How}: the longest that one of {calls.Count} callers waited, s", calls.Max(call => call.Took).TotalSeconds, 4);
        report.AtMost($"a host is {loss.How}: callers answered neither HostUnreachable nor OutcomeUnknown",
            calls.Count(call => call.Answer is not (ServerRefusal.HostUnreachable or ServerRefusal.OutcomeUnknown)), 0);
        report.AtMost($"a host was {loss.How}: service back after its return, s, median of {Rounds}", back.Median / 1000, 2);
        report.Plain($"a host was {loss.How}: the same, the longest, s", back.At(1) / 1000);
    }

    // What others notice of a hung host: the same calls and new viewers, quiet and then meanwhile.
    private static async Task CompareAsync(SpreadFleet fleet, Report report)
    {
        await WaitForAsync(fleet, HostStatus.Ready);
        var servers = new List<IServer>();
        for (var i = 0; i < 2 * Viewed; i++)
            servers.Add(await fleet.RunServerAsync(i % 2 == 0 ? "h1" : "h3", $"viewed {i}"));
        var (quietCalls, quietLines) = await MeasureAsync(fleet, servers[..Viewed]);
        await fleet["h2"].Member.FreezeAsync();
        var (hungCalls, hungLines) = await MeasureAsync(fleet, servers[Viewed..]);
        await fleet["h2"].Member.ThawAsync();
        report.Plain($"a call to another host's server while one is hung, p50 of {hungCalls.Count}, ms (raw: quiet)", hungCalls.Median, quietCalls.Median);
        report.Plain("the same, p99, ms (raw: quiet)", hungCalls.At(0.99), quietCalls.At(0.99));
        report.Plain($"a new viewer's first line while one is hung, median of {hungLines.Count}, ms (raw: quiet)", hungLines.Median, quietLines.Median);
        report.Plain("the same, the longest, ms (raw: quiet)", hungLines.At(1), quietLines.At(1));
    }

    private static async Task<(Samples Calls, Samples Lines)> MeasureAsync(SpreadFleet fleet, List<IServer> servers)
    {
        var (calls, lines) = (new Samples(), new Samples());
        foreach (var server in servers)
        {
            // A hub of its own: as on a control silo where nobody watches yet.
            await using var hub = new FeedHub(fleet.Grains, TimeProvider.System, NullLogger<FeedHub>.Instance);
            var began = Stopwatch.GetTimestamp();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await foreach (var _ in hub.WatchAsync(server.Id, ConsoleCursor.Last(10), limit.Token))
            {
                lines.Add(Stopwatch.GetElapsedTime(began));
                break;
            }

            for (var i = 0; i < 100; i++)
            {
                began = Stopwatch.GetTimestamp();
                await server.GetSnapshotAsync();
                calls.Add(Stopwatch.GetElapsedTime(began));
                await Task.Delay(5);
            }
        }

        return (calls, lines);
    }

    private static Task WaitForAsync(SpreadFleet fleet, params HostStatus[] statuses)
        => Eventually.GetAsync(fleet.Fleet.ListHostsAsync, hosts => hosts.Any(host => host.Id.Value == "h2" && statuses.Contains(host.Status)));
}

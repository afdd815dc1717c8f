using System.Diagnostics;
using OrleansWings.Dashboard.Fleets;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>Reading a large fleet: the whole list, a slice of it, a search through it, and one server after another.</summary>
internal static class ScaleReading
{
    private const int Slice = 40;

    public static async Task MeasureAsync(ScaleFleet fleet, TimeSpan calling, Report report, CancellationToken limit)
    {
        var began = Stopwatch.GetTimestamp();
        await foreach (var first in fleet.Cluster.Feed.WatchAsync(limit))
        {
            report.Plain($"a fresh reader of the process's feed: all {first.Servers.Length} servers after, ms", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            break;
        }

        began = Stopwatch.GetTimestamp();
        await fleet.Cluster.Fleet.ListServersAsync();
        report.Plain("panel code's list of all servers, asked of all hosts, ms", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        MeasurePicture(fleet.View.Current, report);
        foreach (var atOnce in (int[])[1, 16, 64])
            await CallAsync(fleet, atOnce, calling, report);
    }

    // What a page does for each new picture; allocated bytes tell whether the list is copied for it.
    private static void MeasurePicture(FleetPicture picture, Report report)
    {
        var words = new FleetFilter { Text = $"{Math.Min(picture.Servers.Length, 77):000}" };
        words.Apply(picture);
        var (count, took, allocated) = Measure(() => picture.Servers.Skip(picture.Servers.Length / 2).Take(Slice).Count());
        report.Plain($"a slice of {count} from the middle of the picture, µs; {allocated:N0} bytes allocated", took.TotalMicroseconds);
        (count, took, allocated) = Measure(() => new FleetFilter { Text = words.Text }.Apply(picture).Count);
        report.Plain($"a search through the picture that finds {count:N0}, ms; {allocated:N0} bytes allocated", took.TotalMilliseconds);
    }

    private static (int Count, TimeSpan Took, long Allocated) Measure(Func<int> read)
    {
        read();
        var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        var count = read();
        return (count, Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // From the dashboard's silo to the host's: a different server each time, so that none is answered from a place that is warm.
    private static async Task CallAsync(ScaleFleet fleet, int atOnce, TimeSpan calling, Report report)
    {
        var servers = fleet.Created;
        var (calls, unanswered, began, cpu) = (0, 0, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async caller =>
        {
            var random = new Random(caller);
            while (Stopwatch.GetElapsedTime(began) < calling)
            {
                if (await fleet.Cluster.Fleet.GetServer(servers[random.Next(servers.Length)]).GetSnapshotAsync() is not { IsReachable: true })
                    Interlocked.Increment(ref unanswered);
                Interlocked.Increment(ref calls);
            }
        }));
        var each = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / calls;
        report.Plain($"calls of servers' grains per second, {atOnce} at once ({each:0.000} ms of CPU each, both ends and all that goes on besides; {unanswered} of {calls:N0} were answered for the host by its record)", calls / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}

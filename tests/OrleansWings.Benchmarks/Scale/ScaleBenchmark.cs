using System.Diagnostics;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>
/// So many servers on simulated hosts, all in this process: what creating, listing, calling and watching costs, and whether
/// it costs each server the same as in a smaller fleet. Ends within its time and says how far it came.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Started = 200;
    private static readonly TimeSpan s_calling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(15);

    /// <param name="servers">How many to create.</param>
    /// <param name="hosts">On how many hosts.</param>
    /// <param name="limit">How long all of it may take; three quarters of it are for creating.</param>
    /// <param name="isOnRedis">Whether the store is a Redis; else a file.</param>
    /// <param name="report">Where the rows go.</param>
    public static async Task RunAsync(int servers, int hosts, TimeSpan limit, bool isOnRedis, Report report)
    {
        using var forCreating = new CancellationTokenSource(limit * 0.75);
        using var forAll = new CancellationTokenSource(limit);
        var began = Stopwatch.GetTimestamp();
        await using var fleet = await ScaleFleet.StartAsync(hosts, isOnRedis);
        report.Plain($"{hosts} host silos and two control silos in one process: all ready after, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
        try
        {
            // Also where a call of the fleet itself is what takes so long.
            await MeasureAsync(fleet, servers, forCreating.Token, report, forAll.Token).WaitAsync(forAll.Token);
        }
        catch (OperationCanceledException) when (forAll.IsCancellationRequested)
        {
            report.Note($"Scale: the time of {limit.TotalMinutes:0.#} minutes was over; rows that are not there were not measured.");
        }
    }

    private static async Task MeasureAsync(ScaleFleet fleet, int servers, CancellationToken untilCreated, Report report, CancellationToken limit)
    {
        var empty = fleet.MeasureMemory();
        report.Plain("memory before the first server, MB", empty / 1e6);
        report.Plain("CPU of the empty fleet, % of a core", await IdleShareAsync(s_idle, limit));
        var laps = await fleet.CreateAsync(servers, untilCreated);
        var asked = Stopwatch.GetTimestamp();
        var created = fleet.Created;
        report.AtLeast("servers created", created.Length, servers);
        report.Plain("creations that were asked again, as no answer came in time", fleet.Repeats);
        report.Plain("creation, servers per second, all (raw: the first tenth)", created.Length / laps.Sum(lap => lap.Took.TotalSeconds), laps[0].PerSecond);
        report.Plain("the last tenth (raw: the first tenth)", laps[^1].PerSecond, laps[0].PerSecond);
        report.Plain("CPU of all processes' work for one creation, ms, the last tenth (raw: the first tenth)", laps[^1].CpuEach, laps[0].CpuEach);
        foreach (var kind in (string[])["HostRecord", "ServerRecord"])
            report.Plain($"{kind}: bytes of the last write; mean of {fleet.Meter.Of(kind).Count} writes: {(double)fleet.Meter.Of(kind).Bytes / fleet.Meter.Of(kind).Count:N0}", fleet.Meter.Of(kind).Last);

        await UntilAsync(fleet.View, picture => picture.Servers.Length == created.Length && picture.Servers.All(listing => listing.Snapshot.IsReachable), limit);
        report.Plain("after the last creation's answer: the dashboard's picture has all, and each from its host, s", Stopwatch.GetElapsedTime(asked).TotalSeconds);
        await SettleAsync(limit);
        var full = fleet.MeasureMemory();
        report.Plain("managed memory per idle server, KB, everything: host, records, feeds, picture", (full - empty) / 1e3 / created.Length);
        await ScaleMemory.MeasurePictureAsync(fleet, report, limit);
        await ScaleReading.MeasureAsync(fleet, s_calling, report, limit);
        await MeasureIdleAsync(created.Length, report, limit);
        await MeasureChangeAsync(fleet, report);
        await StartAsync(fleet, report, limit);
        await ScaleViewers.MeasureAsync(fleet, report, limit);
        await LoseHostAsync(fleet, report, limit);
        await ScaleMemory.MeasureGrainsAsync(fleet, report, limit);
    }

    /// <summary>Until the pictures that the last creations left are written down, and Orleans' own lists are back to their size.</summary>
    private static Task SettleAsync(CancellationToken limit) => Task.Delay(TimeSpan.FromSeconds(5), limit);

    // Hosts compare their servers with the records once a minute; a third of that is in here by chance or not, so it is only told.
    private static async Task MeasureIdleAsync(int servers, Report report, CancellationToken limit)
    {
        var share = await IdleShareAsync(s_idle, limit);
        report.Plain($"CPU of everything while nothing happens, over {s_idle.TotalSeconds:0} s, % of a core", share);
        report.Plain("the same per thousand servers, % of a core", share * 1_000 / servers);
    }

    private static async Task<double> IdleShareAsync(TimeSpan period, CancellationToken limit)
    {
        var before = Environment.CpuUsage.TotalTime;
        await Task.Delay(period, limit);
        return (Environment.CpuUsage.TotalTime - before) / period * 100;
    }

    // One change of one server: whose state is written, and how much.
    private static async Task MeasureChangeAsync(ScaleFleet fleet, Report report)
    {
        var server = fleet.Cluster.Fleet.GetServer(fleet.Created[fleet.Created.Length / 2]);
        var spec = (await server.GetSpecAsync())!;
        var (host, record) = (fleet.Meter.Of("HostRecord"), fleet.Meter.Of("ServerRecord"));
        var began = Stopwatch.GetTimestamp();
        var changed = await server.UpdateAsync(spec with { Name = spec.Name + " changed" });
        if (!changed.IsAccepted)
            throw new InvalidOperationException(changed.Message);
        report.Plain("one change of one server's spec, ms until the answer", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        var (hostAfter, recordAfter) = (fleet.Meter.Of("HostRecord"), fleet.Meter.Of("ServerRecord"));
        report.Plain("bytes written for it: the server's record", recordAfter.Bytes - record.Bytes);
        report.Plain("bytes written for it: its host's record (all of that host's servers)", hostAfter.Bytes - host.Bytes);
    }

    private static async Task StartAsync(ScaleFleet fleet, Report report, CancellationToken limit)
    {
        // Dealt over all hosts, as they were created.
        var chosen = fleet.Created.Where((_, place) => place % Math.Max(1, fleet.Created.Length / Started) == 0).Take(Started).ToHashSet();
        var began = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(chosen.Select(id => fleet.Cluster.Fleet.GetServer(id).StartAsync()));
        if (answers.FirstOrDefault(answer => !answer.IsAccepted) is { } refused)
            throw new InvalidOperationException(refused.Message);
        report.Plain($"{chosen.Count} starts at once: all accepted after, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
        await UntilAsync(fleet.View, picture => chosen.All(id => picture.Find(id)?.Snapshot.State == PowerState.Running), limit);
        report.Plain("the same: all shown as running after, s (fake engines)", Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task LoseHostAsync(ScaleFleet fleet, Report report, CancellationToken limit)
    {
        var host = fleet.View.Current.Hosts[^1].Id;
        var own = fleet.View.Current.Servers.Count(listing => listing.Snapshot.Host == host);
        var began = Stopwatch.GetTimestamp();
        await fleet.Cluster.StopHostAsync(host.Value, isKilled: true);
        await UntilAsync(fleet.View, picture => picture.FindHost(host)!.Status is HostStatus.Silent or HostStatus.Lost, limit);
        report.Plain($"one of the hosts is killed: shown as silent or lost after, s (it had {own} servers)", Stopwatch.GetElapsedTime(began).TotalSeconds);
        await UntilAsync(fleet.View, picture => picture.Servers.All(listing => listing.Snapshot.IsReachable == (listing.Snapshot.Host != host)), limit);
        report.Plain("the same: exactly its servers are shown as not confirmed after, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
        await UntilAsync(fleet.View, picture => picture.FindHost(host)!.Status is HostStatus.Lost, limit);
        report.Plain("the same: shown as lost after, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task UntilAsync(FleetView view, Func<FleetPicture, bool> fits, CancellationToken limit)
    {
        while (!fits(view.Current))
            await Task.Delay(20, limit);
    }
}

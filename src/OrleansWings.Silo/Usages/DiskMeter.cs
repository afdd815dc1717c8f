using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Usages;

/// <summary>
/// Measures what each server's files take, in short steps with long pauses: all of it together costs less than a hundredth of a core, however many
/// files there are. Servers take turns, so that one with a million files holds up nobody's limit.
/// </summary>
internal sealed partial class DiskMeter(HostServers servers, TimeProvider time, ILogger<DiskMeter> logger) : BackgroundService
{
    // An open scan holds an open folder for each level.
    private const int OpenAtOnce = 32;

    // Of those: a slot that is taken is taken until its scan is done, and there is always one left for a server with a limit.
    private const int OpenWithoutLimit = 8;

    // Steps are one part in so many of a core; what is around them (a wake-up, cold caches) is the rest of the hundredth.
    private const int PausePerStep = 149;

    // And of the time of a disk that has to be waited for: games want to read it too.
    private const int PausePerWait = 9;

    private static readonly TimeSpan s_longestWaitPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    /// <summary>How long one step takes at most, about.</summary>
    internal TimeSpan LongestStep { get; init; } = TimeSpan.FromMilliseconds(2);

    private readonly Dictionary<ServerId, DateTimeOffset> _measured = [];
    private readonly HashSet<ServerId> _incomplete = [];
    private readonly List<OpenScan> _open = [];

    /// <summary>The pause after a step.</summary>
    /// <param name="cpu">What the step took of a core.</param>
    /// <param name="took">How long it took: on a cold disk far longer.</param>
    internal static TimeSpan PauseAfter(TimeSpan cpu, TimeSpan took)
    {
        var wait = took * PausePerWait;
        return TimeSpan.FromTicks(Math.Max((cpu * PausePerStep).Ticks, Math.Min(wait.Ticks, s_longestWaitPause.Ticks)));
    }

    /// <summary>Goes on with the measuring of one server, those with a limit first, and pauses.</summary>
    /// <returns>False when nobody is due.</returns>
    internal async Task<bool> MeasureNextAsync(CancellationToken cancellationToken)
    {
        Begin();
        if (_open.Count == 0)
            return false;
        var next = _open.Find(one => HasLimit(one.Worker)) ?? _open[0];
        _open.Remove(next);
        var (before, began) = (ThreadCpu.Read(), Stopwatch.GetTimestamp());
        try
        {
            next.Scan.Step(LongestStep);
        }
        catch
        {
            next.Scan.Dispose();
            throw;
        }

        var (cpu, took) = (ThreadCpu.Read() - before, Stopwatch.GetElapsedTime(began));
        if (next.Scan.IsDone)
            End(next);
        else
            _open.Add(next);
        await Task.Delay(PauseAfter(cpu, took), time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public override void Dispose()
    {
        foreach (var one in _open)
            one.Scan.Dispose();
        _open.Clear();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var isDone = false;
            try
            {
                isDone = await MeasureNextAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e);
            }

            if (!isDone)
                await Task.Delay(s_idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Begin()
    {
        foreach (var gone in _measured.Keys.Where(id => servers.Find(id) is null).ToArray())
            _measured.Remove(gone);
        if (_open.Count == OpenAtOnce)
            return;
        var now = time.GetUtcNow();
        var due = servers.All
            .Where(worker => !worker.State.IsDeleted && _open.TrueForAll(one => one.Worker.Id != worker.Id))
            .Select(worker => (worker, at: DiskRule.NextAt(_measured.GetValueOrDefault(worker.Id), worker.State.HasProcess, worker.State.Assignment.Spec.Limits.DiskMiB)))
            .Where(one => one.at <= now)
            .OrderBy(one => one.at)
            .ToLookup(one => HasLimit(one.worker));
        var others = Math.Max(0, OpenWithoutLimit - _open.Count(one => !HasLimit(one.Worker)));
        // A measurement at a start, which somebody waits for, may overtake these.
        foreach (var (worker, _) in due[true].Concat(due[false].Take(others)).Take(OpenAtOnce - _open.Count).ToArray())
            _open.Add(new OpenScan(worker, worker.BeginMeasuring(), new FolderScan(servers.Host.Paths.Volume(worker.Id))));
    }

    private void End(OpenScan one)
    {
        one.Scan.Dispose();
        _measured[one.Worker.Id] = time.GetUtcNow();
        if (one.Scan.IsIncomplete && _incomplete.Add(one.Worker.Id))
            LogIncomplete(logger, one.Worker.Id);
        one.Worker.TakeFiles(one.Turn, one.Scan);
    }

    private static bool HasLimit(PowerWorker worker) => worker.State.Assignment.Spec.Limits.DiskMiB > 0;

    private sealed record OpenScan(PowerWorker Worker, int Turn, FolderScan Scan);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: some of its folders are nested over a hundred deep or cannot be read, and are not counted to its disk limit. (This is logged once.)")]
    private static partial void LogIncomplete(ILogger logger, ServerId server);

    [LoggerMessage(Level = LogLevel.Error, Message = "What servers' files take could not be measured")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

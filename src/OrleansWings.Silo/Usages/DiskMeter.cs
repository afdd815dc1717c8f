using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Usages;

/// <summary>
/// Measures what each server's files take, one folder after the other and in short steps with long pauses: all of it together costs about a
/// hundredth of a core, however many files there are.
/// </summary>
internal sealed partial class DiskMeter(HostServers servers, TimeProvider time, ILogger<DiskMeter> logger) : BackgroundService
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ServerId, DateTimeOffset> _measured = [];
    private readonly HashSet<ServerId> _incomplete = [];

    /// <summary>The pause after a step, so that steps are a hundredth of the time.</summary>
    internal static TimeSpan PauseAfter(TimeSpan step) => step * 99;

    /// <summary>Measures whoever is due first.</summary>
    /// <returns>False when nobody is.</returns>
    internal async Task<bool> MeasureNextAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = servers.All
            .Where(worker => !worker.State.IsDeleted)
            .Select(worker => (worker, at: DiskRule.NextAt(_measured.GetValueOrDefault(worker.Id), worker.State.HasProcess, worker.State.Assignment.Spec.Limits.DiskMiB)))
            .OrderBy(one => one.at)
            .FirstOrDefault();
        if (due.worker is null || due.at > now)
            return false;
        await MeasureAsync(due.worker, cancellationToken).ConfigureAwait(false);
        _measured[due.worker.Id] = time.GetUtcNow();
        foreach (var gone in _measured.Keys.Where(id => servers.Find(id) is null).ToArray())
            _measured.Remove(gone);
        return true;
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

    private async Task MeasureAsync(PowerWorker worker, CancellationToken cancellationToken)
    {
        // A measurement at a start, which somebody waits for, may overtake this one.
        var turn = worker.BeginMeasuring();
        using var scan = new FolderScan(servers.Host.Paths.Volume(worker.Id));
        while (!scan.IsDone)
        {
            var began = Stopwatch.GetTimestamp();
            scan.Step(s_step);
            await Task.Delay(PauseAfter(Stopwatch.GetElapsedTime(began)), time, cancellationToken).ConfigureAwait(false);
        }

        if (scan.IsIncomplete && _incomplete.Add(worker.Id))
            LogIncomplete(logger, worker.Id);
        worker.TakeFiles(turn, scan.Bytes);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: some of its folders are nested over a hundred deep or cannot be read, and are not counted to its disk limit. (This is logged once.)")]
    private static partial void LogIncomplete(ILogger logger, ServerId server);

    [LoggerMessage(Level = LogLevel.Error, Message = "What servers' files take could not be measured")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Jobs;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Silo.Jobs;

/// <summary>Wakes the jobs that are not over, on every control silo: one whose silo died goes on within seconds. Reminders would be a second store to keep.</summary>
internal sealed partial class JobKeeper(IGrainFactory grains, ClusterGate gate, TimeProvider time, ILogger<JobKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Joined.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(s_every, time);
        do
        {
            try
            {
                foreach (var job in await grains.GetGrain<IJobBookGrain>(0).ListAsync(isOpenOnly: true))
                    await grains.GetGrain<IJobGrain>(job.Value).WakeAsync();
            }
            catch (Exception e)
            {
                LogNotWoken(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The fleet's jobs could not be looked at, and are again in a moment")]
    private static partial void LogNotWoken(ILogger logger, Exception exception);
}

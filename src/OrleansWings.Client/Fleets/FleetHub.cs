using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Fleets;

namespace OrleansWings.Client.Fleets;

/// <summary>The fleet's picture for the viewers of this process: one subscription for all of them.</summary>
/// <param name="grains">The way to the cluster.</param>
/// <param name="joined">When this process may call it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what breaks.</param>
internal sealed partial class FleetHub(IGrainFactory grains, Task joined, TimeProvider time, ILogger<FleetHub> logger) : BackgroundService, IFleetFeed
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromMilliseconds(500);

    private readonly FleetPicture _picture = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async IAsyncEnumerable<FleetUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _first.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var update in _picture.WatchAsync(s_pace, time, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await joined.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var update in grains.GetGrain<IFleetFeedGrain>(0).WatchAsync(stoppingToken).WithCancellation(stoppingToken).ConfigureAwait(false))
                {
                    _picture.Apply(update);
                    _first.TrySetResult();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogBroken(logger, e.Message);
            }

            await Task.Delay(s_retryEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The fleet subscription broke and begins again: {Reason}")]
    private static partial void LogBroken(ILogger logger, string reason);
}

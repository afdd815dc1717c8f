using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>
/// The live fleet, once per process: reads the feed, and tells every circuit that watches when there is a new picture,
/// at most five times a second, and more seldom where a picture of a very large fleet takes long to make.
/// </summary>
public sealed partial class FleetView(IFleetFeed feed, TimeProvider time, ILogger<FleetView> logger) : BackgroundService
{
    private static readonly TimeSpan s_minInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    // Of the time between two pictures a tenth at most goes into making them, as long as what is shown does not get old by it.
    private const int RestPerWork = 9;
    private static readonly TimeSpan s_maxInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly FleetPictureBuilder _builder = new();
    private readonly List<Action> _watchers = [];
    private volatile FleetPicture _current = FleetPicture.Empty;
    private bool _isPublishing;
    private TimeSpan _lastTook;

    /// <summary>Raised for each event of a server's history as it happens; handlers only post. What was missed is in the history itself.</summary>
    public event Action<ServerHappening>? Happened;

    /// <summary>The newest picture.</summary>
    public FleetPicture Current => _current;

    /// <summary>Calls back after each new picture, until disposed. The callback must not block.</summary>
    public IDisposable Watch(Action onChange)
    {
        lock (_lock)
            _watchers.Add(onChange);
        return new Watcher(this, onChange);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not on the starter's turn: the cluster may still be coming up.
        await Task.Yield();
        var delay = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var update in feed.WatchAsync(stoppingToken))
                {
                    Change(builder => builder.Apply(update), stoppingToken);
                    foreach (var happening in update.Happened)
                        Tell(happening);
                    delay = TimeSpan.FromMilliseconds(100);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFeedBroke(logger, e, delay);
            }

            Change(builder => builder.Lose(time.GetUtcNow()), stoppingToken);
            try
            {
                await Task.Delay(delay, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay;
        }
    }

    private void Tell(ServerHappening happening)
    {
        foreach (var watcher in Happened?.GetInvocationList() ?? [])
            Guard(() => ((Action<ServerHappening>)watcher)(happening));
    }

    // One page that fails keeps nothing from the others.
    private void Guard(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e)
        {
            LogWatcherFailed(logger, e);
        }
    }

    private void Change(Action<FleetPictureBuilder> change, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            change(_builder);
            if (_isPublishing)
                return;
            _isPublishing = true;
        }

        _ = PublishAsync(cancellationToken);
    }

    /// <summary>How long the next picture waits after one that took so long to make.</summary>
    internal static TimeSpan IntervalAfter(TimeSpan took) => TimeSpan.FromTicks(Math.Clamp((took * RestPerWork).Ticks, s_minInterval.Ticks, s_maxInterval.Ticks));

    // The first change of a burst shows at once, the rest of it together after the interval.
    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (Publish())
                await Task.Delay(IntervalAfter(_lastTook), time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // The next change tries again: else pages would show an old fleet for ever.
            LogNotPublished(logger, e);
            lock (_lock)
                _isPublishing = false;
        }
    }

    private bool Publish()
    {
        Action[] watchers;
        lock (_lock)
        {
            var began = time.GetTimestamp();
            var picture = _builder.Build();
            _lastTook = time.GetElapsedTime(began);
            if (ReferenceEquals(picture, _current))
            {
                _isPublishing = false;
                return false;
            }

            _current = picture;
            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
            Guard(watcher);

        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The fleet's feed broke; next try in {Delay}.")]
    private static partial void LogFeedBroke(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(LogLevel.Error, "The fleet's new picture could not be made; the next change tries again.")]
    private static partial void LogNotPublished(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Debug, "A page could not take the fleet's new picture.")]
    private static partial void LogWatcherFailed(ILogger logger, Exception exception);

    private sealed class Watcher(FleetView view, Action onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (view._lock)
                view._watchers.Remove(onChange);
        }
    }
}

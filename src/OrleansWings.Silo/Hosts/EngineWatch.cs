using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// Knows whether the engine answers. Listens to its events; a broken stream is "unreachable" at once, a silent engine
/// after a question that nobody answers, and it is asked again until it is back.
/// </summary>
public sealed partial class EngineWatch(IContainerEngine engine, TimeProvider time, ILogger<EngineWatch> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_minDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(1);

    // An engine that takes a watch and breaks it off at once is none that anybody can work with: it would be there and away many times a second.
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, byte> _warnings = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _reachable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <summary>Raised after a change of <see cref="IsReachable"/>; handlers only post.</summary>
    public event Action<bool>? Changed;

    /// <summary>Raised for each event of a server's container; handlers only post.</summary>
    public event Action<ContainerEvent>? Happened;

    public bool IsReachable { get; private set; }

    /// <summary>Why the engine cannot be reached, in words; null when it can.</summary>
    public string? Problem { get; private set; } = "The Docker engine has not been asked yet.";

    /// <summary>What the engine last said of itself; null before it ever answered.</summary>
    public EngineFacts? Facts { get; private set; }

    /// <summary>Whether the engine said that this machine's kernel has no I/O weight.</summary>
    public bool HasNoIoWeight { get; private set; }

    public void Start()
    {
        engine.Warned += OnWarned;
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Completes when the engine answers; at once when it does.</summary>
    public Task WaitUntilReachableAsync(CancellationToken cancellationToken)
    {
        lock (_stop)
            return _reachable.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        engine.Warned -= OnWarned;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var delay = s_minDelay;
        var isSteady = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var asking = Task.CompletedTask;
            long? began = null;
            string problem;
            try
            {
                Facts = await engine.GetFactsAsync(cancellationToken).ConfigureAwait(false);
                await foreach (var happened in engine.WatchEventsAsync($"{ContainerLabels.Kind}={ContainerLabels.KindServer}", watching.Token).ConfigureAwait(false))
                {
                    if (happened.Kind != ContainerEventKind.Watching)
                    {
                        Happened?.Invoke(happened);
                        continue;
                    }

                    began = time.GetTimestamp();
                    if (isSteady)
                        SetReachable(null);
                    asking = AskAsync(watching, isSteady);
                }

                problem = "The Docker engine ended its event stream.";
            }
            catch (EngineException e)
            {
                problem = e.Message;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                problem = "The Docker engine does not answer.";
            }
            catch (Exception e)
            {
                LogFault(logger, e);
                problem = $"The Docker engine could not be watched: {e.Message}";
            }

            await watching.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Last, so that no question that was just answered says otherwise.
            SetReachable(problem);
            isSteady = began is null || time.GetElapsedTime(began.Value) >= s_steady;
            if (began is not null && isSteady)
                delay = s_minDelay;
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay;
        }
    }

    // A hung engine keeps its event stream open: only a question that nobody answers shows it.
    private async Task AskAsync(CancellationTokenSource watching, bool isSteady)
    {
        try
        {
            if (!isSteady)
            {
                await Task.Delay(s_steady, time, watching.Token).ConfigureAwait(false);
                SetReachable(null);
            }

            while (true)
            {
                await Task.Delay(s_askEvery, time, watching.Token).ConfigureAwait(false);
                Facts = await engine.GetFactsAsync(watching.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (!watching.IsCancellationRequested)
        {
            await watching.CancelAsync().ConfigureAwait(false);
        }
    }

    // The same words come with every container: they are said once.
    private void OnWarned(EngineWarning warning)
    {
        HasNoIoWeight |= warning.IsNoIoWeight;
        if (_warnings.TryAdd(warning.Text, 0))
            LogWarned(logger, warning.Text);
    }

    private void SetReachable(string? problem)
    {
        var isReachable = problem is null;
        lock (_stop)
        {
            Problem = problem;
            if (IsReachable == isReachable)
                return;
            IsReachable = isReachable;
            if (isReachable)
                _reachable.TrySetResult();
            else
                _reachable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (isReachable)
            LogReachable(logger, Facts?.Version);
        else
            LogUnreachable(logger, problem!);
        Changed?.Invoke(isReachable);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Docker engine left something out of what it was asked, and says: {Text} (This is logged once.)")]
    private static partial void LogWarned(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Docker engine answers (version {Version}).")]
    private static partial void LogReachable(ILogger logger, string? version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Docker engine cannot be reached: {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The watch over the Docker engine failed and begins again.")]
    private static partial void LogFault(ILogger logger, Exception exception);
}

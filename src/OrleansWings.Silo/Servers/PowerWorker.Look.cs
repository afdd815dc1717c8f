using System.Globalization;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>Looks at the world and posts what is true there: after an exit, a lost attach, a restart of this program or of the engine.</summary>
public sealed partial class PowerWorker
{
    private readonly SemaphoreSlim _lookOnce = new(1);
    private readonly Lock _doneLock = new();
    private IReadOnlyList<DoneLine> _doneLines = [];
    private bool _isWatchingLines;

    /// <summary>Looks in the background; the engine's events and the reconnect call this.</summary>
    internal void Look(bool wasUnattended) => _work.Run(() => LookAsync(wasUnattended));

    /// <summary>Looks once, then goes on with what the ledger says was under way: for the start of the program.</summary>
    internal async Task ResumeAsync()
    {
        await LookAsync(wasUnattended: true).ConfigureAwait(false);
        await AskAsync(new PowerInput.DeadlineReached()).ConfigureAwait(false);
        var effects = PowerStateMachine.Resume(State);
        if (effects.HasFlag(PowerEffects.BeginStart) && !_starting.IsCompleted)
            effects &= ~PowerEffects.BeginStart;
        Act(effects);
    }

    /// <summary>The engine says that the process died: the console's last bytes come first, but not for ever.</summary>
    internal void OnDied() => _work.Run(async () =>
    {
        for (var i = 0; i < 20 && Console.IsAttached; i++)
            await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LookAsync(wasUnattended: false).ConfigureAwait(false);
    });

    private void OnDetached() => _work.Run(AfterDetachedAsync);

    private async Task AfterDetachedAsync()
    {
        try
        {
            if (!State.HasProcess && State.Power != PowerState.Starting)
                return;
            // The terminal ends some hundred ms before the process is gone: the engine tells when it is.
            using var shortly = new CancellationTokenSource(TimeSpan.FromSeconds(2), _host.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(shortly.Token, _stop.Token);
            await _host.Engine.WaitAsync(ContainerName, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or EngineException)
        {
            // Still running, then: the attach was lost. Or the engine is away: its return looks again.
        }

        await LookAsync(wasUnattended: false).ConfigureAwait(false);
    }

    private async Task LookAsync(bool wasUnattended)
    {
        await _lookOnce.WaitAsync().ConfigureAwait(false);
        try
        {
            var state = State;
            var container = await _host.Engine.InspectAsync(ContainerName, _stop.Token).ConfigureAwait(false);
            if (container is null || (state.HasProcess && !IsThisRun(container, state)))
                OnMissing(state);
            else if (IsThisRun(container, state) && container.IsRunning)
                await OnRunningAsync(state, container).ConfigureAwait(false);
            else if (IsThisRun(container, state) && !container.IsCreated && (state.HasProcess || _starting.IsCompleted))
                Post(new PowerInput.Exited(state.Run, container.Exit, wasUnattended));
        }
        catch (EngineException e)
        {
            LogRetry(_logger, Id, "looking at the container", e.Message);
            if (e is not EngineUnreachableException)
                _work.Run(() => LookLaterAsync(wasUnattended));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The program ends.
        }
        finally
        {
            _lookOnce.Release();
        }
    }

    private async Task LookLaterAsync(bool wasUnattended)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_stop.IsCancellationRequested)
            Look(wasUnattended);
    }

    private void OnMissing(ServerState state)
    {
        if (state.HasProcess)
            Post(new PowerInput.Exited(state.Run, null, WasUnattended: false));
    }

    private async Task OnRunningAsync(ServerState state, ContainerState container)
    {
        if (!Console.IsAttached)
            await Console.RejoinAsync(ContainerName, state.Run, _stop.Token).ConfigureAwait(false);
        if (!state.HasProcess && (state.Power == PowerState.Offline || _starting.IsCompleted))
            Post(new PowerInput.Started(state.Run, container.StartedAt ?? _host.Time.GetUtcNow()));
        if (state.Power == PowerState.Starting)
        {
            WatchForDoneLine(State);
            foreach (var line in Console.ReadText(5_000))
                OnLine(line);
        }
    }

    private static bool IsThisRun(ContainerState container, ServerState state)
        => container.Labels.GetValueOrDefault(ContainerLabels.Run) == state.Run.ToString(CultureInfo.InvariantCulture);

    // Lines are decoded only while a start waits for one of them. Never off and on again: a line could fall between.
    private void WatchForDoneLine(ServerState state)
    {
        lock (_doneLock)
        {
            _doneLines = state.Power != PowerState.Starting ? []
                : [.. state.Assignment.Spec.DoneLines.Select(rule => DoneLine.TryParse(rule, out var line, out _) ? line : null).OfType<DoneLine>()];
            if (_isWatchingLines == _doneLines.Count > 0)
                return;
            _isWatchingLines = !_isWatchingLines;
            if (_isWatchingLines)
                Console.LineRead += OnLine;
            else
                Console.LineRead -= OnLine;
        }
    }

    private void OnLine(string line)
    {
        if (_doneLines.Any(rule => rule.Matches(line)))
            Post(new PowerInput.DoneLineSeen(State.Run));
    }
}

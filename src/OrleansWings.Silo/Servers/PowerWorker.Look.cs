using System.Globalization;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>Looks at the world and posts what is true there: after an exit, a lost attach, a restart of this program or of the engine.</summary>
public sealed partial class PowerWorker
{
    private static readonly TimeSpan s_lookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _lookOnce = new(1);
    private readonly Lock _doneLock = new();
    private int _isLookingLater;
    private string? _toldUnseen;
    private volatile bool _isPaused;
    private IReadOnlyList<DoneLine> _doneLines = [];
    private bool _isWatchingLines;

    /// <summary>Whether somebody has paused its process, as last seen.</summary>
    internal bool IsPaused => _isPaused && State.HasProcess;

    /// <summary>Looks in the background; the engine's events and the reconnect call this.</summary>
    internal void Look(bool wasUnattended) => _work.Run(() => LookAsync(wasUnattended));

    /// <summary>Looks once, then goes on with what the ledger says was under way: for the start of the program.</summary>
    internal async Task ResumeAsync()
    {
        await LookAsync(wasUnattended: true).ConfigureAwait(false);
        await AskAsync(new PowerInput.DeadlineReached()).ConfigureAwait(false);
        await AskAsync(new PowerInput.Resumed()).ConfigureAwait(false);
        if (!State.IsDeleted && Directory.Exists(_host.Paths.Trash(Id)))
            BeginUndelete();
    }

    private void OnDetached() => _work.Run(AfterDetachedAsync);

    private async Task AfterDetachedAsync()
    {
        try
        {
            if (State.Power == PowerState.Offline)
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

    // False when the world could not be seen; it is then looked at again.
    internal async Task<bool> LookAsync(bool wasUnattended, bool underAnyName = false)
    {
        await _lookOnce.WaitAsync().ConfigureAwait(false);
        var isSeen = false;
        try
        {
            // A renamed one is missed only where there should be one.
            var container = await (State.HasProcess || underAnyName ? FindContainerAsync(_stop.Token) : _host.Engine.InspectAsync(ContainerName, _stop.Token)).ConfigureAwait(false);
            isSeen = true;
            ClearUnseen();
            // Another installation's on the same engine is not looked at: its run has a number too.
            if (container is not null && !IsKnownAsOurs(container))
                container = null;
            SetPaused(container is { IsRunning: true, IsPaused: true });
            if (container is not null && RunOf(container) > State.Run)
                await TakeLaterRunAsync(container).ConfigureAwait(false);
            var state = State;
            if (container is null || (state.HasProcess && !IsThisRun(container, state)))
                await OnMissingAsync(state).ConfigureAwait(false);
            else if (IsThisRun(container, state) && container.IsRunning)
                await OnRunningAsync(state, container).ConfigureAwait(false);
            else if (IsThisRun(container, state) && !container.IsCreated)
                await OnEndedAsync(state, container, wasUnattended).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e)
        {
            LogRetry(_logger, Id, "looking at the container", e.Message);
            if (!isSeen)
                TellUnseen(e);
            LookLater(wasUnattended || e is EngineUnreachableException);
            return false;
        }
        finally
        {
            _lookOnce.Release();
        }
    }

    // That the engine as a whole is away is said elsewhere, and what a stop meets is said by it.
    private void TellUnseen(Exception failure)
    {
        if (!State.HasProcess || !_host.Watch.IsReachable || (_activity.Text is { } other && other != _toldUnseen))
            return;
        SetActivity(_toldUnseen = RetryRule.DescribeUnseen(failure), null);
        // It may have ended between the two.
        if (!State.HasProcess)
            ClearUnseen();
    }

    private void ClearUnseen()
    {
        ClearActivity(_toldUnseen);
        _toldUnseen = null;
    }

    // One call may fail while the engine as a whole counts as reachable: no return of it would make us look again.
    private void LookLater(bool wasUnattended)
    {
        if (Interlocked.Exchange(ref _isLookingLater, 1) == 1)
            return;
        _work.Run(async () =>
        {
            await Task.Delay(s_lookAgainAfter, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _host.Watch.WaitUntilReachableAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Volatile.Write(ref _isLookingLater, 0);
            if (!_stop.IsCancellationRequested)
                await LookAsync(wasUnattended).ConfigureAwait(false);
        });
    }

    private async Task OnEndedAsync(ServerState state, ContainerState container, bool wasUnattended)
    {
        if (!state.HasProcess && !_starting.IsCompleted)
        {
            // Started and ended before the start's steps said so: whoever looks after them knows.
            _work.Run(async () =>
            {
                await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await LookAsync(wasUnattended).ConfigureAwait(false);
            });
            return;
        }

        // The console's last bytes come first, but not for ever.
        for (var i = 0; (i < 20 && Console.IsAttached) || (i < 300 && Console.IsProving); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time, _stop.Token).ConfigureAwait(false);
        if (state.Power != PowerState.Offline && !Console.IsAttached && (wasUnattended || Console.MayLackOutput))
            await Console.CatchUpAsync(ContainerName, state.Run, _stop.Token).ConfigureAwait(false);
        Post(new PowerInput.Exited(state.Run, container.Exit, wasUnattended));
    }

    private void SetPaused(bool isPaused)
    {
        if (_isPaused == isPaused)
            return;
        _isPaused = isPaused;
        Announce();
    }

    // Which engine it is that has no container is asked anew: what the watch knows may be seconds older than another one at the same address.
    private async Task OnMissingAsync(ServerState state)
    {
        if (!state.HasProcess)
            return;
        var isOther = state.Engine is { } engine && (await _host.Engine.GetFactsAsync(_stop.Token).ConfigureAwait(false)).Id != engine;
        Post(new PowerInput.Exited(state.Run, null, WasUnattended: false) { IsOtherEngine = isOther });
    }

    private async Task OnRunningAsync(ServerState state, ContainerState container)
    {
        if (!Console.IsAttached)
            await Console.RejoinAsync(ContainerName, state.Run, _stop.Token).ConfigureAwait(false);
        if (state.HasProcess ? _host.Watch.Facts is { } facts && facts.Id != state.Engine : state.Power == PowerState.Offline || _starting.IsCompleted)
            Post(new PowerInput.Started(state.Run, container.StartedAt ?? _host.Time.GetUtcNow()) { Engine = _host.Watch.Facts?.Id });
        if (state.Power == PowerState.Starting && _doneLines.Count > 0)
        {
            // Of this run alone: while it has said nothing yet, the last that was said is the run's before, which was up.
            foreach (var line in Console.ReadText(5_000, state.Run).Where(line => !WingsVoice.IsOurs(line)))
                OnLine(ConsoleText.WithoutAnsi(line));
        }
    }

    private Task TakeLaterRunAsync(ContainerState container) => AskAsync(new PowerInput.LaterRunFound(
        RunOf(container),
        container.IsRunning ? container.StartedAt ?? _host.Time.GetUtcNow() : null,
        ServerContainer.IsMadeOf(container, State.Assignment.Spec)));

    private static int RunOf(ContainerState container) => (int)Math.Min(ContainerLabels.Number(container, ContainerLabels.Run) ?? 0, int.MaxValue);

    private static bool IsThisRun(ContainerState container, ServerState state)
        => container.Labels.GetValueOrDefault(ContainerLabels.Run) == state.Run.ToString(CultureInfo.InvariantCulture);

    // Lines are decoded only while a start waits for one of them. Never off and on again: a line could fall between.
    private void WatchForDoneLine(ServerState state)
    {
        lock (_doneLock)
        {
            _doneLines = state.Power != PowerState.Starting ? []
                : [.. state.DoneLines.Select(rule => DoneLine.TryParse(rule, out var line, out _) ? line : null).OfType<DoneLine>()];
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

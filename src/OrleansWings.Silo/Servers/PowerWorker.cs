using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// One server on its host: takes inputs one at a time, lets <see cref="PowerStateMachine"/> decide, writes the decision
/// down, then acts. What takes time runs beside it and posts its result, so a kill is never behind anything.
/// </summary>
/// <remarks>Needs no grain and no cluster: it outlives the grain's activation and works while every control silo is down.</remarks>
public sealed partial class PowerWorker : IAsyncDisposable
{
    private readonly HostServices _host;
    private readonly Func<IEnumerable<string>> _writtenFolders;
    private readonly ILogger<PowerWorker> _logger;
    private readonly Channel<Message> _inbox = Channel.CreateUnbounded<Message>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly BackgroundWork _work;
    private readonly Task _running;

    private ServerState _state;
    private ImmutableArray<PullLayer> _pull = [];

    /// <summary>Begins to look after a server.</summary>
    /// <param name="state">What the ledger has of it.</param>
    /// <param name="host">What all workers of the host share.</param>
    /// <param name="writtenFolders">Folders of the host that some server there may write to.</param>
    public PowerWorker(ServerState state, HostServices host, Func<IEnumerable<string>> writtenFolders)
    {
        _host = host;
        _writtenFolders = writtenFolders;
        _state = state;
        _logger = host.Loggers.CreateLogger<PowerWorker>();
        _work = new BackgroundWork(e => LogWorkFault(_logger, Id, e));
        Console = new ConsoleSession(
            Id, host.Paths.Console(Id), host.Engine, host.ConsoleOptions, host.Time, host.Loggers.CreateLogger<ConsoleSession>());
        Console.Detached += OnDetached;
        WatchForDoneLine(state);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Raised after each change, in order, with the new picture; handlers only post.</summary>
    public event Action<ServerSnapshot>? Changed;

    public ServerId Id => _state.Assignment.Server;

    /// <summary>The state as last written down.</summary>
    public ServerState State => Volatile.Read(ref _state);

    public ConsoleSession Console { get; }

    /// <summary>Asks; the answer comes when it is written down.</summary>
    public Task<ServerResult> RequestAsync(PowerAction action, int? run = null)
    {
        if (!_host.Watch.IsReachable && action == PowerAction.Start && State.Power == PowerState.Offline)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.EngineUnreachable, $"The server cannot be started now. {_host.Watch.Problem}"));
        return AskAsync(new PowerInput.Requested(action, run));
    }

    /// <summary>Tells the worker what the record wants; done when it is written down.</summary>
    public Task<ServerResult> AssignAsync(ServerAssignment assignment) => AskAsync(new PowerInput.Assigned(assignment));

    /// <summary>Writes one line to the process's console.</summary>
    public async Task<ServerResult> SendCommandAsync(string command, CancellationToken cancellationToken)
    {
        if (ServerCommand.Check(command) is { } fault)
            return ServerResult.Refused(ServerRefusal.Invalid, fault);
        var state = State;
        if (!state.HasProcess)
            return ServerResult.Refused(ServerRefusal.NotRunning, $"The server is {Words(state.Power)}: there is no process to read the command.");
        var isStop = false;
        try
        {
            // Marked first: the process may be gone before the line is through.
            isStop = state.Assignment.Spec.Stop is { Kind: StopKind.Command } stop && stop.Value == command;
            if (isStop && await AskAsync(new PowerInput.StopCommandTyped()).ConfigureAwait(false) is { IsAccepted: false } refused)
                return refused;
            await Console.SendAsync(command, cancellationToken).ConfigureAwait(false);
            return ServerResult.Accepted("The command was sent.");
        }
        catch (NotAttachedException) when (isStop && IsStopping(state.Run))
        {
            // It counts as a stop already, so it is one: said again until the console takes it.
            _work.Run(() => SendStopAsync(State));
            return ServerResult.Accepted("The server is stopping: its console is being attached again, and the command follows.");
        }
        catch (NotAttachedException)
        {
            return ServerResult.Refused(ServerRefusal.NotAttached, "The server's console is being attached again. Send the command once more in a moment.");
        }
        catch (NotAcceptedException e)
        {
            return ServerResult.Refused(ServerRefusal.OutcomeUnknown, e.Message);
        }
    }

    /// <summary>The server now.</summary>
    public ServerSnapshot GetSnapshot()
    {
        var state = State;
        var spec = state.Assignment.Spec;
        var (text, progress) = _activity;
        var waiting = PowerStateMachine.Waiting(state);
        var isPending = PowerStateMachine.IsSpecPending(state, waiting);
        return new ServerSnapshot
        {
            Id = Id,
            Name = spec.Name,
            Host = _host.Host,
            State = state.Power,
            StateSince = state.PowerSince,
            Run = state.Run,
            StartedAt = state.StartedAt,
            Activity = text,
            Progress = progress,
            Problem = state.Problem,
            LastExit = state.LastExit,
            SpecVersion = state.Assignment.Version,
            IsSpecPending = isPending,
            Waiting = waiting,
            LimitProblem = DescribeLimitProblem(state),
            // Where players reach it now; the new ones come with the next start.
            Ports = isPending && state.AppliedPorts is { } applied ? applied : spec.Ports,
            AsOf = _host.Time.GetUtcNow(),
            IsReachable = _host.Watch.IsReachable,
            Revision = state.Revision,
            IsDeleted = state.IsDeleted,
            Epoch = state.Assignment.Epoch,
            IsRestarting = state.IsRestarting,
            IsUnclaimed = _isUnclaimed,
            IsPaused = _isPaused && state.HasProcess,
            FilesBytes = FilesBytes,
            FilesLimitBytes = spec.Limits.DiskMiB * 1024 * 1024,
            PullLayers = progress is null ? [] : _pull,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _inbox.Writer.TryComplete();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _startStop.CancelAsync().ConfigureAwait(false);
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _work.WhenDoneAsync().ConfigureAwait(false);
        await Console.DisposeAsync().ConfigureAwait(false);
    }

    internal void Post(PowerInput input) => _inbox.Writer.TryWrite(new Message(input, null));

    /// <summary>Sends the picture again, when something beside the state changed: the engine came or went.</summary>
    internal void Announce() => Changed?.Invoke(GetSnapshot());

    private Task<ServerResult> AskAsync(PowerInput input)
    {
        var message = new Message(input, new TaskCompletionSource<ServerResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _inbox.Writer.TryWrite(message)
            ? message.Reply!.Task
            : Task.FromResult(ServerResult.Refused(ServerRefusal.HostUnreachable, "The host is shutting down."));
    }

    private async Task RunAsync()
    {
        await foreach (var message in _inbox.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await HandleAsync(message).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                LogFault(_logger, Id, e);
                message.Reply?.TrySetException(e);
            }
        }
    }

    private async Task HandleAsync(Message message)
    {
        if ((message.Input is PowerInput.Requested && _stop.IsCancellationRequested)
            || (message.Input is PowerInput.Requested { Action: PowerAction.Start or PowerAction.Restart } && AreStartsHeld))
        {
            message.Reply?.TrySetResult(ServerResult.Refused(ServerRefusal.HostUnreachable, "The host is letting go of this server: ask once more in a moment."));
            return;
        }

        var before = _state;
        var now = _host.Time.GetUtcNow();
        var transition = PowerStateMachine.Next(before, message.Input, now);
        var events = transition.Next == before ? [] : ServerEvents.Of(before, transition, now, () => Console.ReadText(ServerEvent.LinesKept, before.Run));
        if (transition.Next != before && !await SaveAsync(transition.Next, events, message).ConfigureAwait(false))
            return;

        Volatile.Write(ref _state, transition.Next);
        try
        {
            Tell(before, transition);
        }
        catch (Exception e)
        {
            // Who listens must not keep what was decided from being done.
            LogFault(_logger, Id, e);
        }

        Act(transition.Effects);
        message.Reply?.TrySetResult(transition.Reply ?? ServerResult.Accepted("It is written down."));
        if (message.Input is PowerInput.Requested { Action: var action })
            _host.Instruments.OnPowerAction(action, transition.Reply!.Refusal);
    }

    private void Tell(ServerState before, PowerTransition transition)
    {
        // What is said is of the run that ended, never of the one that begins with it.
        if (transition.Say is { } say)
            Console.WriteWings(say);
        if (transition.Next.Run != before.Run)
            Console.BeginRun(transition.Next.Run);
        if (transition.Next.Power != before.Power)
            OnPowerChanged(before, transition.Next);
        if (transition.Next != before)
            Changed?.Invoke(GetSnapshot());
    }

    // What was asked for is refused when it cannot be written down; what has happened is kept in memory all the same.
    private async Task<bool> SaveAsync(ServerState next, ImmutableArray<ServerEvent> events, Message message)
    {
        try
        {
            await _host.Ledger.SaveAsync(next, events).ConfigureAwait(false);
            return true;
        }
        catch (LedgerException e)
        {
            LogNotSaved(_logger, Id, e);
            if (message.Reply is null)
                return true;
            // A kill needs no memory: what it does shows in the world.
            if (message.Input is PowerInput.Requested { Action: PowerAction.Kill })
                return true;
            message.Reply.TrySetResult(ServerResult.Refused(ServerRefusal.NotStored, $"Nothing was done. {e.Message}"));
            return false;
        }
    }

    private void OnPowerChanged(ServerState before, ServerState after)
    {
        LogPower(_logger, Id, before.Power, after.Power, after.Run);
        if ((before.Power, after.Power) is (PowerState.Starting, PowerState.Running))
            _host.Instruments.OnRunning(_host.Time.GetUtcNow() - before.PowerSince);
        if (before.HasProcess && !after.HasProcess)
            _host.Instruments.OnExit(after.LastExit?.WasAskedFor ?? false);
        if (after.Power is PowerState.Running or PowerState.Offline)
            SetActivity(null, null, announce: false);
        WatchForDoneLine(after);
    }

    private void Act(PowerEffects effects)
    {
        if (effects.HasFlag(PowerEffects.CancelStart))
            CancelStart();
        if (effects.HasFlag(PowerEffects.BeginStart))
            BeginStart();
        if (effects.HasFlag(PowerEffects.SendStop))
            BeginStop();
        if (effects.HasFlag(PowerEffects.WatchDeadline))
            WatchDeadline();
        if (effects.HasFlag(PowerEffects.Kill))
            BeginKill();
        if (effects.HasFlag(PowerEffects.Delete))
            BeginDelete();
        if (effects.HasFlag(PowerEffects.Undelete))
            BeginUndelete();
        if (effects.HasFlag(PowerEffects.UpdateLimits))
            BeginUpdateLimits();
    }

    private static string Words(PowerState state) => state switch
    {
        PowerState.Offline => "offline",
        PowerState.Starting => "starting",
        PowerState.Stopping => "stopping",
        _ => "running",
    };

    private sealed record Message(PowerInput Input, TaskCompletionSource<ServerResult>? Reply);
}

using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// Where a server's process goes from here: pure, the only place that decides. The table is in this folder's README.
/// </summary>
internal static partial class PowerStateMachine
{
    /// <summary>How long a deleted server may take to stop by itself.</summary>
    public static readonly TimeSpan DeletionGrace = TimeSpan.FromSeconds(30);

    public static PowerTransition Next(ServerState state, PowerInput input, DateTimeOffset now)
    {
        var transition = input switch
        {
            PowerInput.Requested asked => OnRequest(state, asked, now),
            PowerInput.Assigned { Assignment: var assignment } => OnAssigned(state, assignment, now),
            PowerInput.StopCommandTyped => OnStopTyped(state, now),
            PowerInput.Started started => OnStarted(state, started),
            PowerInput.LaterRunFound found => OnLaterRun(state, found),
            PowerInput.StartEnded ended => OnStartEnded(state, ended, now),
            PowerInput.DoneLineSeen done => OnDone(state, done, now),
            PowerInput.Exited exited => OnExited(state, exited, now),
            PowerInput.DeadlineReached => OnDeadline(state, now),
            PowerInput.DiskFull full => OnDiskFull(state, full, now),
            PowerInput.LimitsUpdated updated => OnLimits(state, updated),
            PowerInput.Resumed => new(state, Resume(state) | LimitEffects(state)),
            PowerInput.DeletionDone done => new(
                state.IsDeleted && done.Version == state.Assignment.Version ? state with { DeletedVersion = done.Version, Problem = null } : state),
            // It is tried every few seconds: only news are written down.
            PowerInput.DeletionFailed failed => new(
                state.Problem?.Message == failed.Problem ? state : state with { Problem = new ServerProblem(failed.Problem, now) }),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, "An input without a rule."),
        };

        if (transition.Next == state)
            return transition;
        var since = transition.Next.Power == state.Power ? state.PowerSince : now;
        return transition with { Next = transition.Next with { Revision = state.Revision + 1, PowerSince = since } };
    }

    // The world was looked at before, so the state is true.
    internal static PowerEffects Resume(ServerState state) => state.Power switch
    {
        PowerState.Starting when !state.HasProcess => PowerEffects.BeginStart,
        PowerState.Stopping when state.IsKilling => PowerEffects.Kill,
        PowerState.Stopping when state.HasProcess => PowerEffects.SendStop,
        PowerState.Stopping => PowerEffects.Kill,
        PowerState.Offline when state.IsDeleted && state.DeletedVersion < state.Assignment.Version => PowerEffects.Delete,
        _ => PowerEffects.None,
    };

    private static PowerTransition OnStarted(ServerState state, PowerInput.Started input)
    {
        // Told twice (by the start's steps and by a look) it is one start: a stop must not be sent again for it. On which engine is sometimes told later.
        if (input.Run == state.Run && state.HasProcess && input.Engine is { } engine)
            return new(state with { Engine = engine });
        if (input.Run != state.Run || state.HasProcess)
            return new(state);
        var next = state with { StartedAt = input.At, Engine = input.Engine };
        switch (state.Power)
        {
            case PowerState.Stopping:
                // The start could not be called off in time: what was asked for since is done to the process it made.
                return new(next, state.IsKilling ? PowerEffects.Kill : PowerEffects.SendStop);
            case PowerState.Starting when state.DoneLines.IsEmpty:
                return new(next with { Power = PowerState.Running }, LimitEffects(next));
            case PowerState.Offline when state.IsDeleted:
                return new(next with { Power = PowerState.Stopping, IsKilling = true }, PowerEffects.Kill);
            case PowerState.Offline:
                return new(
                    next with { Power = PowerState.Running, Problem = null },
                    Say: "The server's container was found running, though nobody had started it here.");
            default:
                return new(next, LimitEffects(next));
        }
    }

    // What the ledger says of an earlier run is long over. A process that runs is the server's; of one that has ended only the number is known.
    private static PowerTransition OnLaterRun(ServerState state, PowerInput.LaterRunFound input)
    {
        if (input.Run <= state.Run)
            return new(state);
        // A start that is under way was begun for a number that is another run's: it is begun anew, or nobody would hear of its end.
        if (input.StartedAt is not { } startedAt)
            return state is { Power: PowerState.Starting, HasProcess: false } ? new(state with { Run = input.Run + 1 }, PowerEffects.BeginStart) : new(state with { Run = input.Run });
        var next = (input.IsOfSpec ? WithApplied(Offline(state), state.Assignment.Spec) : WithUnknownApplied(Offline(state))) with
        {
            Run = input.Run,
            StartedAt = startedAt,
            Engine = null,
            Problem = null,
        };
        return state.IsDeleted
            ? new(next with { Power = PowerState.Stopping, IsKilling = true }, PowerEffects.Kill)
            : new(
                next with { Power = PowerState.Running }, PowerEffects.CancelStart,
                Say: "The host's ledger was lost or is an older copy; the server was found running and is taken over as it is.");
    }

    private static PowerTransition OnStartEnded(ServerState state, PowerInput.StartEnded input, DateTimeOffset now)
    {
        if (input.Run != state.Run || state.Power is PowerState.Offline or PowerState.Running || state.HasProcess)
            return new(state);
        if (state.Power == PowerState.Stopping)
            return AfterExit(state, "The start was called off.");
        if (input.Problem is null)
            return new(Offline(state), Say: "The start was called off.");
        return new(
            Offline(state) with { Problem = new ServerProblem(input.Problem, now) },
            Say: $"The server could not be started: {input.Problem}");
    }

    private static PowerTransition OnDone(ServerState state, PowerInput.DoneLineSeen input, DateTimeOffset now)
        => input.Run == state.Run && state.Power == PowerState.Starting
            ? new(state with { Power = PowerState.Running, StartedAt = state.StartedAt ?? now })
            : new(state);

    /// <summary>What is said when the engine is another one than that on which the server was started.</summary>
    internal const string OtherEngine = "This host's Docker engine is another one now than that on which the server was started, and does not have its container. Make sure that it does not run there still, where it writes the same files; then start it.";

    private static PowerTransition OnExited(ServerState state, PowerInput.Exited input, DateTimeOffset now)
    {
        if (input.Run != state.Run || state.Power == PowerState.Offline)
            return new(state);
        var code = input.Exit?.Code ?? -1;
        var wasAskedFor = state.Power == PowerState.Stopping;
        var exit = new ServerExit(code, input.Exit?.IsOutOfMemory ?? false, input.Exit?.At ?? now, wasAskedFor);
        var ended = state with { StartedAt = null, LastExit = exit };
        var how = ExitText.Describe(input.Exit, wasAskedFor);
        // Nobody knows how it ended, nor whether it has: it is neither called ended nor started again, whatever was asked. A deletion goes on: its files are moved, not changed.
        if (input.IsOtherEngine && !state.IsDeleted)
            return new(Offline(state with { StartedAt = null }) with { Problem = new ServerProblem(OtherEngine, now) }, Say: OtherEngine);
        if (wasAskedFor)
            return AfterExit(ended, $"The server has stopped ({how}).");

        var when = input.WasUnattended ? " while OrleansWings or the engine was not running" : "";
        var what = state.Power == PowerState.Starting
            ? $"The server's process ended before it had come up{when}: {how}."
            : $"The server's process ended by itself{when}: {how}.";
        if (CrashPolicy.WhyNotRestart(state.Assignment.Spec, state.Power, code, input.WasUnattended, state.LastCrashRestart, now) is { } reason)
        {
            return new(
                Offline(ended) with { Problem = new ServerProblem($"{what} {reason}", now) },
                Say: $"{what} {reason}");
        }

        return new(
            BeginRun(ended) with { Problem = new ServerProblem($"{what} It was started again.", now), LastCrashRestart = now },
            PowerEffects.BeginStart,
            Say: $"{what} It is started again.");
    }

    // The one place where a stop that was asked for ends: deleted, started again, or just offline.
    private static PowerTransition AfterExit(ServerState state, string say)
    {
        if (state.IsDeleted)
            return new(Offline(state), PowerEffects.Delete, Say: say);
        return state.IsRestarting
            ? new(BeginRun(Offline(state)), PowerEffects.BeginStart, Say: say)
            : new(Offline(state), Say: say);
    }

    // As if somebody had pressed Stop, so it is no crash; but it is not given long, as it may be writing on, and it is not started again.
    private static PowerTransition OnDiskFull(ServerState state, PowerInput.DiskFull input, DateTimeOffset now)
    {
        if (input.Run != state.Run || !state.HasProcess)
            return new(state);
        var problem = new ServerProblem($"{input.Problem} The server is stopped for that.", now) { IsStopReason = true };
        if (state.Power == PowerState.Stopping)
            return new(state.IsRestarting ? state with { IsRestarting = false, Problem = problem } : state);
        var rule = state.Assignment.Spec.Stop.Grace;
        return new(
            BeginStop(state, rule < DiskRule.StopGrace ? rule : DiskRule.StopGrace, now) with { Problem = problem },
            StopEffects(state),
            Say: $"{input.Problem} The server is stopped.");
    }

    private static PowerTransition OnDeadline(ServerState state, DateTimeOffset now)
    {
        if (state.Power != PowerState.Stopping || state.IsKilling || now < state.StopDeadline)
            return new(state);
        return new(
            state with { IsKilling = true },
            PowerEffects.Kill,
            Say: $"The server did not stop within {(now - state.PowerSince).TotalSeconds:0} seconds and is killed.");
    }

    private static ServerState BeginRun(ServerState state) => WithApplied(state, state.Assignment.Spec) with
    {
        Power = PowerState.Starting,
        Run = state.Run + 1,
        StartedAt = null,
        Engine = null,
        StopDeadline = null,
        IsRestarting = false,
        IsKilling = false,
    };

    private static ServerState Offline(ServerState state) => state with
    {
        Power = PowerState.Offline,
        StartedAt = null,
        StopDeadline = null,
        IsRestarting = false,
        IsKilling = false,
    };
}

using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>What people and programs ask.</summary>
internal static partial class PowerStateMachine
{
    private static PowerTransition OnRequest(ServerState state, PowerInput.Requested asked, DateTimeOffset now)
    {
        var action = asked.Action;
        if (asked.Run is { } run && run != state.Run)
            return Refuse(state, ServerRefusal.Changed, "The server has been started since it was looked at: nothing was done.");
        if (state.IsDeleted && action is (PowerAction.Start or PowerAction.Restart))
            return Refuse(state, ServerRefusal.Deleted, "The server is deleted. Restore it first.");
        return action switch
        {
            PowerAction.Start => OnStart(state),
            PowerAction.Stop => OnStop(state, now),
            PowerAction.Restart => OnRestart(state, now),
            PowerAction.Kill => OnKill(state),
            _ => Refuse(state, ServerRefusal.Invalid, $"{action} is not a power action."),
        };
    }

    private static PowerTransition OnStart(ServerState state) => state.Power switch
    {
        PowerState.Offline => new(
            BeginRun(state) with { Problem = null, LastCrashRestart = null }, PowerEffects.BeginStart, ServerResult.Accepted("The server is starting.")),
        PowerState.Starting => Refuse(state, ServerRefusal.AlreadyStarting, "The server is starting already."),
        PowerState.Running => Refuse(state, ServerRefusal.AlreadyRunning, "The server is running already."),
        _ when state.IsRestarting => Refuse(state, ServerRefusal.AlreadyStopping, "The server is restarting: it starts as soon as it has stopped."),
        _ => Refuse(state, ServerRefusal.AlreadyStopping, "The server is still stopping. Use Restart to have it started as soon as it has stopped."),
    };

    private static PowerTransition OnStop(ServerState state, DateTimeOffset now)
    {
        switch (state.Power)
        {
            case PowerState.Offline:
                return Refuse(state, ServerRefusal.AlreadyOffline, "The server is offline already.");
            case PowerState.Stopping when state.IsRestarting:
                return new(
                    state with { IsRestarting = false }, Reply: ServerResult.Accepted("The server stops and is not started again."));
            case PowerState.Stopping:
                return Refuse(state, ServerRefusal.AlreadyStopping, "The server is stopping already. Use Kill if it takes too long.");
            default:
                var stopping = BeginStop(state, state.Assignment.Spec.Stop.Grace, now);
                return new(stopping, StopEffects(state), ServerResult.Accepted("The server is stopping."));
        }
    }

    private static PowerTransition OnRestart(ServerState state, DateTimeOffset now)
    {
        switch (state.Power)
        {
            case PowerState.Offline:
                return OnStart(state);
            case PowerState.Stopping when state.IsRestarting:
                return Refuse(state, ServerRefusal.AlreadyStopping, "The server is restarting already.");
            case PowerState.Stopping:
                return new(
                    state with { IsRestarting = true, Problem = null },
                    Reply: ServerResult.Accepted("The server is started again as soon as it has stopped."));
            default:
                var stopping = BeginStop(state, state.Assignment.Spec.Stop.Grace, now) with { IsRestarting = true, Problem = null, LastCrashRestart = null };
                return new(stopping, StopEffects(state), ServerResult.Accepted("The server is restarting."));
        }
    }

    // Kill always passes: what a person does when nothing else works must not be refused.
    private static PowerTransition OnKill(ServerState state)
    {
        if (state.Power == PowerState.Offline)
            return new(state, PowerEffects.Kill, ServerResult.Accepted("The server is offline: there was nothing to kill."));
        return new(
            state with { Power = PowerState.Stopping, IsKilling = true, IsRestarting = false, StopDeadline = null },
            PowerEffects.CancelStart | PowerEffects.Kill,
            ServerResult.Accepted("The server is being killed."));
    }

    private static PowerTransition OnStopTyped(ServerState state, DateTimeOffset now)
        => state is { HasProcess: true, Power: PowerState.Starting or PowerState.Running }
            ? new(BeginStop(state, state.Assignment.Spec.Stop.Grace, now), PowerEffects.WatchDeadline)
            : new(state);

    private static PowerTransition OnAssigned(ServerState state, ServerAssignment assignment, DateTimeOffset now)
    {
        if ((assignment.Epoch, assignment.Version).CompareTo((state.Assignment.Epoch, state.Assignment.Version)) <= 0)
            return new(state);
        var next = state with { Assignment = assignment };
        if (assignment.DeletedAt is null)
            return state.IsDeleted ? new(next with { DeletedVersion = 0, Problem = null }, PowerEffects.Undelete) : new(next, LimitEffects(next));

        next = next with { IsRestarting = false };
        return state.Power switch
        {
            PowerState.Offline => new(next, PowerEffects.Delete),
            PowerState.Stopping => new(
                next with { StopDeadline = Earlier(state.StopDeadline, now + DeletionGrace) }, PowerEffects.WatchDeadline),
            _ => new(BeginStop(next, DeletionGrace, now), StopEffects(state)),
        };
    }

    private static PowerEffects StopEffects(ServerState state)
        => state.HasProcess ? PowerEffects.SendStop : PowerEffects.CancelStart;

    private static ServerState BeginStop(ServerState state, TimeSpan grace, DateTimeOffset now) => state with
    {
        Power = PowerState.Stopping,
        StopDeadline = Earlier(now + state.Assignment.Spec.Stop.Grace, now + grace),
        IsKilling = false,
    };

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a < b ? a.Value : b;

    private static PowerTransition Refuse(ServerState state, ServerRefusal refusal, string message)
        => new(state, Reply: ServerResult.Refused(refusal, message));
}

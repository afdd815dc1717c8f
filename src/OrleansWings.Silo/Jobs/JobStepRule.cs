using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Jobs;

/// <summary>
/// What becomes of one server of a job: pure. Pictures are of a host that answers; one that is not confirmed says nothing, and time alone goes on.
/// The table is in README.md beside this file.
/// </summary>
internal static class JobStepRule
{
    /// <summary>How long a server is waited for that has not answered and cannot be looked at: its host is away, and others wait for the place.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Its turn has come and nobody could look at it yet: its time runs.</summary>
    public static JobStep BeginUnseen(JobStep step, DateTimeOffset now) => step with { State = JobStepState.UnderWay, BegunAt = now };

    /// <summary>Its turn has come: under way, or at its end when there is nothing to ask.</summary>
    /// <param name="step">Waiting, or begun unseen.</param>
    /// <param name="action">What is to be asked.</param>
    /// <param name="seen">The server now; null when there is no such server any more.</param>
    /// <param name="now">The time.</param>
    public static JobStep Begin(JobStep step, PowerAction action, ServerSnapshot? seen, DateTimeOffset now)
    {
        var begun = step with { State = JobStepState.UnderWay, BegunAt = step.BegunAt ?? now, RunBefore = seen?.Run ?? 0 };
        return IsGone(seen) ? Gone(begun, action, now)
            : NothingToDo(action, seen!) is { } why ? begun.End(JobStepState.Skipped, now, why)
            : begun;
    }

    /// <summary>
    /// Whether a server whose step is under way is to be asked (again): not when it has answered, nor when its picture shows that the question came through
    /// though the answer did not. Asked twice, it would be restarted twice.
    /// </summary>
    /// <param name="step">Any.</param>
    /// <param name="action">What is asked.</param>
    /// <param name="seen">The server now, confirmed; null when nothing is known, and then nobody is asked.</param>
    public static bool IsToBeAsked(JobStep step, PowerAction action, ServerSnapshot? seen)
        => step is { State: JobStepState.UnderWay, IsAccepted: false, RunBefore: not null } && seen is not null && action switch
        {
            // Of this run and offline: it was not started. While it ends, a start would be refused.
            PowerAction.Start => IsOff(seen) && seen.Run == step.RunBefore,
            PowerAction.Stop => seen.State is PowerState.Running or PowerState.Starting || seen.IsRestarting,
            PowerAction.Kill => seen.State != PowerState.Offline,
            // Only what runs: offline it would be started, and starting it is no run that anybody wants anew.
            _ => seen.State == PowerState.Running && seen.Run == step.RunBefore && !seen.IsRestarting,
        };

    /// <summary>What is said of a server that waits, once it is known who is connected to it. Not how many: it would be written anew with each who comes or goes.</summary>
    /// <param name="step">Any.</param>
    /// <param name="players">How many there are; null when that cannot be told.</param>
    public static JobStep Counted(JobStep step, int? players)
        => step.State != JobStepState.Waiting ? step : step with
        {
            Message = players switch
            {
                0 => "",
                null => "It cannot be told whether somebody is connected, so it is left alone: its game is on UDP, or its host cannot say.",
                _ => "Somebody is connected: it waits until nobody is.",
            },
        };

    /// <summary>Its turn is over before it was asked for sure: somebody has come to it meanwhile.</summary>
    public static JobStep BackToWaiting(JobStep step)
        => step is { State: JobStepState.UnderWay, IsAccepted: false } ? step with { State = JobStepState.Waiting, BegunAt = null, RunBefore = null, Spent = TimeSpan.Zero } : step;

    /// <summary>What a server's answer makes of its step. Whatever it says, its picture says how it ends.</summary>
    public static JobStep Answered(JobStep step, PowerAction action, ServerResult answer, DateTimeOffset now)
        => step.State != JobStepState.UnderWay ? step : answer.Refusal switch
        {
            ServerRefusal.None => step with { IsAccepted = true, Message = answer.Message },
            // It is there, or on its way there, whoever asked.
            ServerRefusal.AlreadyRunning or ServerRefusal.AlreadyStarting when action == PowerAction.Start => step with { IsAccepted = true, Message = answer.Message },
            ServerRefusal.AlreadyStopping or ServerRefusal.AlreadyOffline when action != PowerAction.Start => step with { IsAccepted = true, Message = answer.Message },
            // For now: a start of one that is ending, a host or engine that is away for seconds, a disk or store that takes nothing.
            // Or an earlier question has come through, and its picture will say so.
            ServerRefusal.Changed or ServerRefusal.AlreadyStopping or ServerRefusal.OutcomeUnknown or ServerRefusal.HostUnreachable or ServerRefusal.EngineUnreachable
                or ServerRefusal.NotStored or ServerRefusal.FleetUnreachable or ServerRefusal.NotFound => step with { Message = answer.Message },
            _ => step.End(JobStepState.Failed, now, answer.Message),
        };

    /// <summary>What a server's picture makes of its step.</summary>
    /// <param name="step">Under way and looked at before; any other stays as it is.</param>
    /// <param name="action">What was asked.</param>
    /// <param name="seen">The server now, confirmed; null when there is no such server any more.</param>
    /// <param name="minRunningTime">How long a started one has to stay running.</param>
    /// <param name="now">The time.</param>
    public static JobStep Seen(JobStep step, PowerAction action, ServerSnapshot? seen, TimeSpan minRunningTime, DateTimeOffset now)
        => step.State != JobStepState.UnderWay ? step
            : IsGone(seen) ? Gone(step, action, now)
            : Outcome(step, action, seen!, minRunningTime) is { } outcome ? step.End(outcome.State, now, outcome.Message)
            : step;

    /// <summary>What time makes of a step that is under way: after its own it has failed, whatever it is.</summary>
    /// <param name="step">Any.</param>
    /// <param name="seen">The server's picture, confirmed; null when nothing is known.</param>
    /// <param name="stepTimeout">How long it may take.</param>
    /// <param name="passed">How long it is since this was last asked.</param>
    /// <param name="now">The time.</param>
    public static JobStep Wait(JobStep step, ServerSnapshot? seen, TimeSpan stepTimeout, TimeSpan passed, DateTimeOffset now)
    {
        if (step.State != JobStepState.UnderWay)
            return step;
        var waited = step with { Spent = step.Spent + passed };
        var isGivenUp = seen is null && !step.IsAccepted && waited.Spent >= Patience;
        return waited.Spent < stepTimeout && !isGivenUp ? waited : waited.End(JobStepState.Failed, now, Late(waited, seen));
    }

    private static bool IsOff(ServerSnapshot seen) => seen is { State: PowerState.Offline, IsRestarting: false };

    private static bool IsGone(ServerSnapshot? seen) => seen is null or { IsDeleted: true, State: PowerState.Offline };

    private static JobStep Gone(JobStep step, PowerAction action, DateTimeOffset now)
        => action is PowerAction.Stop or PowerAction.Kill
            ? step.End(JobStepState.Skipped, now, "The server is deleted.")
            : step.End(JobStepState.Failed, now, "The server was deleted meanwhile.");

    // What undoing must not touch: it was so before.
    private static string? NothingToDo(PowerAction action, ServerSnapshot seen) => action switch
    {
        PowerAction.Start when seen.State == PowerState.Running => "It was running.",
        PowerAction.Stop or PowerAction.Kill when IsOff(seen) => "It was offline.",
        PowerAction.Restart when IsOff(seen) => "It was offline: a restart starts none that is stopped.",
        PowerAction.Restart when seen is { State: PowerState.Stopping, IsRestarting: false } => "Somebody was stopping it: a restart starts none that is stopped.",
        _ => null,
    };

    // Null while it is on its way. A picture of before the question says nothing: a restart was running before, and a start offline.
    private static (JobStepState State, string Message)? Outcome(JobStep step, PowerAction action, ServerSnapshot seen, TimeSpan minRunningTime)
    {
        if (action is PowerAction.Stop or PowerAction.Kill)
            return IsOff(seen) ? (JobStepState.Done, "It is offline.") : null;
        var isLater = seen.Run > step.RunBefore;
        if (seen.State == PowerState.Running && (isLater || action == PowerAction.Start))
            return seen.AsOf - seen.StateSince >= minRunningTime ? (JobStepState.Done, "It is running.") : null;
        if (!IsOff(seen))
            return null;
        return isLater ? (JobStepState.Failed, seen.Problem?.Message ?? "It is offline again: somebody stopped it.")
            : action == PowerAction.Start ? null
            : step.IsAccepted ? (JobStepState.Failed, seen.Problem?.Message ?? "Its restart was called off: it is offline.")
            : (JobStepState.Skipped, "Somebody stopped it: a restart starts none that is stopped.");
    }

    private static string Late(JobStep step, ServerSnapshot? seen)
    {
        var time = step.Spent.TotalMinutes >= 2 ? $"{step.Spent.TotalMinutes:0} minutes" : $"{step.Spent.TotalSeconds:0} seconds";
        var said = step.Message.Length > 0 ? $" It said: {step.Message}" : "";
        return seen is null
            ? $"Its host or engine did not answer, and {time} are over: it is not known how it is.{said}"
            : $"It is {seen.State.ToString().ToLowerInvariant()} after {time}{(seen.Activity is { } activity ? $": {activity}" : ".")}{said}";
    }
}

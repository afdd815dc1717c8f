using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Thousands of random histories: what must hold after each step, whatever came before.</summary>
public sealed class PowerSequenceTests
{
    private const int Histories = 3_000;
    private const int Steps = 60;

    private static readonly PowerAction[] s_actions = [PowerAction.Start, PowerAction.Stop, PowerAction.Restart, PowerAction.Kill];

    [Fact]
    public void Next_AfterAnyHistory_KeepsTheInvariants()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            var state = ServerSamples.In("offline") with { Run = 0, Revision = 1, AppliedVersion = 0, Assignment = RandomWish(random, version: 1) };
            var (now, history) = (ServerSamples.Now, new List<PowerInput>());
            for (var step = 0; step < Steps; step++)
            {
                now += TimeSpan.FromSeconds(random.Next(0, 90));
                var input = RandomInput(random, state);
                history.Add(input);
                var transition = PowerStateMachine.Next(state, input, now);
                if (FindBreach(state, input, transition, now) is { } breach)
                    Assert.Fail($"Seed {seed}: {breach}\nBefore: {state}\nInput: {input}\nAfter: {transition}\nHistory: {string.Join("\n", history)}");
                state = transition.Next;
            }
        }
    }

    private static string? FindBreach(ServerState before, PowerInput input, PowerTransition transition, DateTimeOffset now)
    {
        var (after, effects) = (transition.Next, transition.Effects);
        var isChanged = after with { Revision = before.Revision } != before;
        var isOver = input is PowerInput.Exited or PowerInput.StartEnded && before.Power == PowerState.Stopping && after.Power != PowerState.Stopping;
        return after.Run < before.Run || after.Run > before.Run + 1 ? "The run jumped or fell."
            : after.Revision != before.Revision + (isChanged ? 1 : 0) ? "The revision rises with each change, and only then."
            : after.PowerSince != (after.Power == before.Power ? before.PowerSince : now) ? "PowerSince is when the state was entered."
            : after.Power == PowerState.Offline && (after.HasProcess || after.StopDeadline is not null || after.IsRestarting || after.IsKilling || after.IsWanted) ? "Offline has nothing left."
            : after.Power == PowerState.Running && !after.HasProcess ? "Running has a process."
            : after.Power != PowerState.Stopping && (after.IsRestarting || after.IsKilling || after.StopDeadline is not null) ? "Only a stop has a deadline or a start after it."
            : after.Power == PowerState.Stopping && !after.IsKilling && after.StopDeadline is null ? "A stop that is no kill has a deadline."
            : after.Run > before.Run != effects.HasFlag(PowerEffects.BeginStart) && input is not PowerInput.Resumed ? "A new run and the steps of its start belong together."
            : effects.HasFlag(PowerEffects.BeginStart) && (after.Power, after.HasProcess) != (PowerState.Starting, false) ? "A start is begun from Starting."
            : after.IsDeleted && (after.IsRestarting || (after.Power is PowerState.Starting or PowerState.Running)) ? "Nothing deleted starts or runs."
            : after.Power == PowerState.Stopping && after.HasProcess && !(before.Power == PowerState.Stopping && before.HasProcess) && !IsEnding(effects) ? "A process that shall stop is told, or its deadline watched."
            : after.Power == PowerState.Stopping && before.Power is PowerState.Starting && !before.HasProcess && !after.HasProcess && !effects.HasFlag(PowerEffects.CancelStart) ? "A start that shall not be is called off."
            : after.IsKilling && !before.IsKilling && !effects.HasFlag(PowerEffects.Kill) ? "A kill kills."
            : isOver && before.IsRestarting && after.Power != PowerState.Starting ? "A wanted restart was lost."
            : isOver && before.IsDeleted && !effects.HasFlag(PowerEffects.Delete) ? "A deletion was lost."
            : transition.Reply is { IsAccepted: false } && (isChanged || effects != PowerEffects.None) ? "A refusal does nothing."
            : input is PowerInput.Requested asked ? FindBreach(before, asked.Action, transition) : null;
    }

    private static string? FindBreach(ServerState before, PowerAction action, PowerTransition transition)
    {
        var after = transition.Next;
        return transition.Reply is not { } reply ? "Who asks is answered."
            : !reply.IsAccepted ? action == PowerAction.Kill ? "A kill is never refused." : null
            : action switch
            {
                PowerAction.Start when after.Power != PowerState.Starting || !transition.Effects.HasFlag(PowerEffects.BeginStart) => "An accepted start starts.",
                PowerAction.Stop when after.Power != PowerState.Stopping || after.IsRestarting || after.IsWanted => "An accepted stop stops and starts nothing.",
                PowerAction.Restart when !after.IsWanted || !(after.IsRestarting || after.Power == PowerState.Starting) => "An accepted restart is remembered.",
                PowerAction.Kill when after.IsWanted || after.IsRestarting || !transition.Effects.HasFlag(PowerEffects.Kill) => "An accepted kill cancels everything.",
                PowerAction.Kill when (before.Power == PowerState.Offline) != (after.Power == PowerState.Offline) => "Only an exit makes a server offline.",
                _ => null,
            };
    }

    private static bool IsEnding(PowerEffects effects) => (effects & (PowerEffects.SendStop | PowerEffects.Kill | PowerEffects.WatchDeadline)) != 0;

    private static PowerInput RandomInput(Random random, ServerState state)
    {
        var run = random.Next(10) == 0 ? Math.Max(0, state.Run - random.Next(3)) : state.Run;
        var exit = random.Next(5) == 0 ? null : new ContainerExit(random.Next(3), random.Next(4) == 0, ServerSamples.Now);
        return random.Next(13) switch
        {
            0 or 1 or 2 or 3 => new PowerInput.Requested(s_actions[random.Next(s_actions.Length)]),
            4 or 5 => new PowerInput.Started(run, ServerSamples.Now),
            6 => new PowerInput.StartEnded(run, random.Next(2) == 0 ? null : "No."),
            7 => new PowerInput.DoneLineSeen(run),
            8 => new PowerInput.Exited(run, exit, random.Next(2) == 0),
            9 => new PowerInput.DeadlineReached(),
            10 => random.Next(2) == 0 ? new PowerInput.StopCommandTyped() : new PowerInput.Resumed(),
            11 => new PowerInput.Assigned(RandomWish(random, state.Assignment.Version + random.Next(-1, 3))),
            _ => random.Next(2) == 0 ? new PowerInput.DeletionDone(state.Assignment.Version - random.Next(2)) : new PowerInput.DeletionFailed("Disk."),
        };
    }

    private static ServerAssignment RandomWish(Random random, long version) => ServerSamples.Assignment with
    {
        Version = version,
        DeletedAt = version > 1 && random.Next(4) == 0 ? ServerSamples.Now : null,
        Spec = ServerSamples.Spec with { DoneLines = random.Next(2) == 0 ? [] : ["Done"], RestartOnCrash = random.Next(4) != 0 },
    };
}

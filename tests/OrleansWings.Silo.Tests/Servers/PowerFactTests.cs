using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The lower table of the README: what happened, in each state.</summary>
public sealed class PowerFactTests
{
    private static readonly DateTimeOffset s_startedAt = ServerSamples.Now.AddSeconds(-1);
    private static readonly ContainerExit s_bad = new(1, false, ServerSamples.Now.AddSeconds(-2));

    [Fact]
    public void LaterRunFound_InEachState_IsTakenOverAsItIs()
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.In(name);
            var running = state.Next(new PowerInput.LaterRunFound(9, ServerSamples.Now, IsOfSpec: false)).Next;
            Assert.Equal((name, PowerState.Running, 9, ServerSamples.Now, 0L), (name, running.Power, running.Run, running.StartedAt, running.AppliedVersion));
            Assert.False(running.IsKilling || running.IsRestarting || running.StopDeadline is not null, name);

            var ended = state.Next(new PowerInput.LaterRunFound(9, null, IsOfSpec: true));
            Assert.Equal((name, state.Power, name == "starting" ? 10 : 9), (name, ended.Next.Power, ended.Next.Run));
            // Its steps were begun for a number that is not its own.
            Assert.Equal((name, name == "starting" ? PowerEffects.BeginStart : PowerEffects.None), (name, ended.Effects));

            Assert.Same(state, state.Next(new PowerInput.LaterRunFound(ServerSamples.Run, ServerSamples.Now, IsOfSpec: true)).Next);
            var deleted = ServerSamples.DeletedIn(name).Next(new PowerInput.LaterRunFound(9, ServerSamples.Now, IsOfSpec: true));
            Assert.Equal((name, PowerState.Stopping, PowerEffects.Kill), (name, deleted.Next.Power, deleted.Effects));
        }
    }

    [Fact]
    public void AnyFact_OfAnotherRun_ChangesNothingInAnyState()
    {
        foreach (var name in ServerSamples.All)
        {
            foreach (var run in (int[])[ServerSamples.Run - 1, ServerSamples.Run + 1])
            {
                PowerInput[] facts =
                [
                    new PowerInput.Started(run, s_startedAt), new PowerInput.StartEnded(run, null), new PowerInput.StartEnded(run, "No."),
                    new PowerInput.DoneLineSeen(run), new PowerInput.Exited(run, s_bad, false), new PowerInput.Exited(run, null, true), new PowerInput.DiskFull(run, "Full."),
                ];
                foreach (var fact in facts)
                {
                    var state = ServerSamples.In(name);
                    Assert.Equal(new PowerTransition(state), state.Next(fact));
                }
            }
        }
    }

    [Theory]
    [InlineData(false, PowerState.Running)]
    [InlineData(true, PowerState.Starting)]
    public void Started_WhenStarting_RunsAtOnceUnlessADoneLineIsWanted(bool hasDoneLine, PowerState power)
    {
        var state = ServerSamples.In("starting") with
        {
            Assignment = ServerSamples.With(spec => spec with { DoneLines = hasDoneLine ? ["Done"] : [] }),
        };

        var transition = state.Next(new PowerInput.Started(ServerSamples.Run, s_startedAt));

        Assert.Equal((power, s_startedAt, PowerEffects.None), (transition.Next.Power, transition.Next.StartedAt, transition.Effects));
    }

    [Theory]
    [InlineData(false, PowerState.Running)]
    [InlineData(true, PowerState.Starting)]
    public void Started_DoneLinesWereChangedSinceTheStart_GoesByThoseThatItWasBegunWith(bool hadDoneLine, PowerState power)
    {
        var begun = (ServerSamples.In("offline") with
        {
            Assignment = ServerSamples.With(spec => spec with { DoneLines = hadDoneLine ? ["Done"] : [] }),
        }).Ask(PowerAction.Start).Next;
        var changed = begun.Assignment with { Version = 9, Spec = begun.Assignment.Spec with { DoneLines = hadDoneLine ? [] : ["Done"] } };
        var state = begun.Next(new PowerInput.Assigned(changed)).Next;

        Assert.Equal(power, state.Next(new PowerInput.Started(state.Run, s_startedAt)).Next.Power);
    }

    [Theory]
    [InlineData("stopping without process", PowerEffects.SendStop)]
    [InlineData("restarting without process", PowerEffects.SendStop)]
    [InlineData("killing without process", PowerEffects.Kill)]
    public void Started_WhenTheStartCouldNotBeCalledOff_GetsWhatWasAskedForSince(string name, PowerEffects effects)
    {
        var state = ServerSamples.In(name);

        var transition = state.Next(new PowerInput.Started(ServerSamples.Run, s_startedAt));

        Assert.Equal(effects, transition.Effects);
        Assert.Equal(state with { StartedAt = s_startedAt, Revision = 41 }, transition.Next);
    }

    [Theory]
    [InlineData("starting with process")]
    [InlineData("running")]
    [InlineData("stopping")]
    [InlineData("restarting")]
    [InlineData("killing")]
    public void Started_WhenToldASecondTime_ChangesNothingAndSendsNoSecondStop(string name)
    {
        var state = ServerSamples.In(name);

        Assert.Equal(new PowerTransition(state), state.Next(new PowerInput.Started(ServerSamples.Run, s_startedAt)));
    }

    [Fact]
    public void Started_WhenOffline_ShowsTheTruth()
    {
        var transition = ServerSamples.In("offline").Next(new PowerInput.Started(ServerSamples.Run, s_startedAt));

        Assert.Equal((PowerState.Running, true, s_startedAt), (transition.Next.Power, transition.Next.IsWanted, transition.Next.StartedAt));
        Assert.Equal("The server's container was found running, though nobody had started it here.", transition.Say);
    }

    [Fact]
    public void Started_WhenOfflineAndDeleted_IsKilled()
    {
        var transition = ServerSamples.DeletedIn("offline").Next(new PowerInput.Started(ServerSamples.Run, s_startedAt));

        Assert.Equal((PowerState.Stopping, true, PowerEffects.Kill), (transition.Next.Power, transition.Next.IsKilling, transition.Effects));
    }

    [Fact]
    public void StartEnded_WhenStartingWithAProblem_IsOfflineAndTold()
    {
        var state = ServerSamples.In("starting");

        var transition = state.Next(new PowerInput.StartEnded(ServerSamples.Run, "No image."));

        Assert.Equal("The server could not be started: No image.", transition.Say);
        Assert.Equal(
            state with
            {
                Power = PowerState.Offline,
                PowerSince = ServerSamples.Now,
                Problem = new ServerProblem("No image.", ServerSamples.Now),
                Revision = 41,
            },
            transition.Next);
    }

    [Fact]
    public void StartEnded_WhenStartingWithoutAProblem_IsOfflineAndNotWanted()
    {
        var transition = ServerSamples.In("starting").Next(new PowerInput.StartEnded(ServerSamples.Run, null));

        Assert.Equal((PowerState.Offline, false, PowerEffects.None), (transition.Next.Power, transition.Next.IsWanted, transition.Effects));
        Assert.Null(transition.Next.Problem);
        Assert.Equal("The start was called off.", transition.Say);
    }

    [Theory]
    [InlineData("stopping without process", PowerState.Offline, PowerEffects.None)]
    [InlineData("killing without process", PowerState.Offline, PowerEffects.None)]
    [InlineData("restarting without process", PowerState.Starting, PowerEffects.BeginStart)]
    public void StartEnded_WhenStopping_EndsTheStop(string name, PowerState power, PowerEffects effects)
    {
        foreach (var problem in (string?[])[null, "No image."])
        {
            var transition = ServerSamples.In(name).Next(new PowerInput.StartEnded(ServerSamples.Run, problem));

            Assert.Equal((power, effects), (transition.Next.Power, transition.Effects));
            Assert.Equal(power == PowerState.Starting ? ServerSamples.Run + 1 : ServerSamples.Run, transition.Next.Run);
            Assert.Null(transition.Next.StopDeadline);
            Assert.False(transition.Next.IsKilling || transition.Next.IsRestarting);
        }
    }

    [Theory]
    [InlineData("offline")]
    [InlineData("starting with process")]
    [InlineData("running")]
    [InlineData("stopping")]
    [InlineData("restarting")]
    [InlineData("killing")]
    public void StartEnded_WhenAProcessIsKnownOrNone_ChangesNothing(string name)
    {
        foreach (var problem in (string?[])[null, "No image."])
        {
            var state = ServerSamples.In(name);
            Assert.Equal(new PowerTransition(state), state.Next(new PowerInput.StartEnded(ServerSamples.Run, problem)));
        }
    }

    [Fact]
    public void DoneLine_InEachState_OnlyEndsAStart()
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.In(name);
            var transition = state.Next(new PowerInput.DoneLineSeen(ServerSamples.Run));
            if (state.Power != PowerState.Starting)
            {
                Assert.Equal(new PowerTransition(state), transition);
                continue;
            }

            Assert.Equal(PowerState.Running, transition.Next.Power);
            Assert.Equal(state.StartedAt ?? ServerSamples.Now, transition.Next.StartedAt);
        }
    }

    [Theory]
    [InlineData("stopping")]
    [InlineData("stopping without process")]
    [InlineData("restarting")]
    public void Deadline_WhenItIsOver_Kills(string name)
    {
        var state = ServerSamples.In(name) with { StopDeadline = ServerSamples.Now };

        var transition = state.Next(new PowerInput.DeadlineReached());

        Assert.Equal(PowerEffects.Kill, transition.Effects);
        Assert.Equal("The server did not stop within 300 seconds and is killed.", transition.Say);
        Assert.Equal(state with { IsKilling = true, Revision = 41 }, transition.Next);
    }

    [Fact]
    public void Deadline_WhenItIsNotOverOrNothingStops_ChangesNothing()
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.In(name);
            Assert.Equal(new PowerTransition(state), state.Next(new PowerInput.DeadlineReached()));
        }
    }

    [Fact]
    public void Deadline_WhenRestarting_KeepsTheStartAfterIt()
    {
        var killing = (ServerSamples.In("restarting") with { StopDeadline = ServerSamples.Now }).Next(new PowerInput.DeadlineReached()).Next;

        var transition = killing.Next(new PowerInput.Exited(ServerSamples.Run, new ContainerExit(137, false, ServerSamples.Now), false));

        Assert.Equal((PowerState.Starting, PowerEffects.BeginStart), (transition.Next.Power, transition.Effects));
    }
}

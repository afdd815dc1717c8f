using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>New limits for a process that runs: what the machine decides.</summary>
public sealed class PowerLimitsTests
{
    private static readonly ServerLimits s_limits = new() { MemoryMiB = 512 };

    [Fact]
    public void Assigned_NewLimits_AreSetWhereThereIsAProcessThatStays()
    {
        foreach (var name in ServerSamples.All)
        {
            var transition = Started(name).Next(new PowerInput.Assigned(Wanting(s_limits)));

            Assert.Equal((name, name is "running" or "starting with process"), (name, transition.Effects.HasFlag(PowerEffects.UpdateLimits)));
        }
    }

    [Fact]
    public void Assigned_OtherChangesOrLimitsThatCannotBeTakenAway_SetNothing()
    {
        var state = Started("running") with { AppliedLimits = s_limits };

        Assert.Equal(PowerEffects.None, state.Next(new PowerInput.Assigned(Wanting(s_limits) with { Spec = ServerSamples.Spec with { Image = "other:1", Limits = s_limits } })).Effects);
        Assert.Equal(PowerEffects.None, state.Next(new PowerInput.Assigned(Wanting(s_limits with { MemoryMiB = 0 }))).Effects);
    }

    [Fact]
    public void Assigned_ToAContainerWhoseLimitsAreNotKnown_SetsNothingAndWaits()
    {
        var transition = (Started("running") with { AppliedLimits = null, AppliedParts = null, AppliedSpec = "" }).Next(new PowerInput.Assigned(Wanting(s_limits)));

        Assert.Equal(PowerEffects.None, transition.Effects);
        Assert.True(IsSpecPending(transition.Next));
        Assert.Empty(PowerStateMachine.Waiting(transition.Next));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Started_WithLimitsThatWereChangedMeanwhile_SetsThem(bool hasDoneLine)
    {
        var starting = Started("starting") with { AppliedDoneLines = hasDoneLine ? ["Done"] : [] };
        var changed = starting.Next(new PowerInput.Assigned(Wanting(s_limits)));
        Assert.Equal(PowerEffects.None, changed.Effects);

        Assert.Equal(PowerEffects.UpdateLimits, changed.Next.Next(new PowerInput.Started(ServerSamples.Run, ServerSamples.Now)).Effects);
    }

    [Fact]
    public void Resumed_WithLimitsThatWereNotSetBefore_SetsThem()
        => Assert.Equal(PowerEffects.UpdateLimits, (Started("running") with { Assignment = Wanting(s_limits) }).Next(new PowerInput.Resumed()).Effects);

    [Fact]
    public void LimitsUpdated_All_NothingWaitsButWhatTheGameIsTold()
    {
        var state = Started("running") with { Assignment = Wanting(s_limits) };
        Assert.Equal(["memory"], PowerStateMachine.Waiting(state));

        var transition = state.Next(new PowerInput.LimitsUpdated(ServerSamples.Run, s_limits, null));

        Assert.Equal("New limits are in force: memory 512 MiB.", transition.Say);
        Assert.Equal(["what the game is told of its memory (SERVER_MEMORY)"], PowerStateMachine.Waiting(transition.Next));
        Assert.False(IsSpecPending(transition.Next with { ToldMemoryMiB = 512 }));
    }

    [Fact]
    public void LimitsUpdated_WithARefusal_IsSaidAndKeptUntilTheNextStart()
    {
        var state = Started("running") with { Assignment = Wanting(s_limits with { CpuPercent = 50 }) };

        var transition = state.Next(new PowerInput.LimitsUpdated(ServerSamples.Run, state.AppliedLimits! with { CpuPercent = 50 }, "The memory is in use."));

        Assert.Equal("New limits are in force: CPU limit 50 %. The memory is in use. The rest applies at the next start.", transition.Say);
        Assert.Equal("The memory is in use.", transition.Next.LimitProblem);
        Assert.Equal(["memory"], PowerStateMachine.Waiting(transition.Next));
        var again = transition.Next.Ask(PowerAction.Restart).Next.Next(new PowerInput.Exited(ServerSamples.Run, null, false)).Next;
        Assert.Null(again.LimitProblem);
        Assert.False(IsSpecPending(again));
        Assert.Equal(512, again.ToldMemoryMiB);
    }

    [Fact]
    public void LimitsUpdated_OfAnotherRunOrAnEndedOne_ChangesNothing()
    {
        foreach (var state in (ServerState[])[Started("running") with { Run = 8 }, Started("offline"), Started("starting")])
            Assert.Equal(new PowerTransition(state), state.Next(new PowerInput.LimitsUpdated(ServerSamples.Run, s_limits, null)));
    }

    private static ServerAssignment Wanting(ServerLimits limits) => ServerSamples.Assignment with { Version = 4, Spec = ServerSamples.Spec with { Limits = limits } };

    // As the machine leaves it after a start with the sample's spec.
    private static ServerState Started(string name) => ServerSamples.In(name) with
    {
        AppliedParts = SpecParts.Of(ServerSamples.Spec),
        AppliedLimits = ServerSamples.Spec.Limits,
    };

    private static bool IsSpecPending(ServerState state) => PowerStateMachine.IsSpecPending(state, PowerStateMachine.Waiting(state));
}

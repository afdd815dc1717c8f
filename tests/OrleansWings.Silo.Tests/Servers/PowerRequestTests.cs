using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The upper table of src/OrleansWings.Silo/Servers/README.md, cell by cell.</summary>
public sealed class PowerRequestTests
{
    private const PowerEffects KillEffects = PowerEffects.CancelStart | PowerEffects.Kill;

    [Theory]
    [InlineData("starting", ServerRefusal.AlreadyStarting, "The server is starting already.")]
    [InlineData("starting with process", ServerRefusal.AlreadyStarting, "The server is starting already.")]
    [InlineData("running", ServerRefusal.AlreadyRunning, "The server is running already.")]
    [InlineData("stopping", ServerRefusal.AlreadyStopping, "The server is still stopping. Use Restart to have it started as soon as it has stopped.")]
    [InlineData("stopping without process", ServerRefusal.AlreadyStopping, "The server is still stopping. Use Restart to have it started as soon as it has stopped.")]
    [InlineData("killing", ServerRefusal.AlreadyStopping, "The server is still stopping. Use Restart to have it started as soon as it has stopped.")]
    [InlineData("restarting", ServerRefusal.AlreadyStopping, "The server is restarting: it starts as soon as it has stopped.")]
    [InlineData("restarting without process", ServerRefusal.AlreadyStopping, "The server is restarting: it starts as soon as it has stopped.")]
    public void Start_WhenNotOffline_IsRefusedWithReason(string name, ServerRefusal reason, string message)
        => AssertRefused(name, PowerAction.Start, reason, message);

    [Theory]
    [InlineData("offline", ServerRefusal.AlreadyOffline, "The server is offline already.")]
    [InlineData("stopping", ServerRefusal.AlreadyStopping, "The server is stopping already. Use Kill if it takes too long.")]
    [InlineData("stopping without process", ServerRefusal.AlreadyStopping, "The server is stopping already. Use Kill if it takes too long.")]
    [InlineData("killing", ServerRefusal.AlreadyStopping, "The server is stopping already. Use Kill if it takes too long.")]
    public void Stop_WhenNothingIsToStop_IsRefusedWithReason(string name, ServerRefusal reason, string message)
        => AssertRefused(name, PowerAction.Stop, reason, message);

    [Theory]
    [InlineData("restarting")]
    [InlineData("restarting without process")]
    public void Restart_WhenOneIsUnderWay_IsRefused(string name)
        => AssertRefused(name, PowerAction.Restart, ServerRefusal.AlreadyStopping, "The server is restarting already.");

    [Theory]
    [InlineData(PowerAction.Start)]
    [InlineData(PowerAction.Restart)]
    public void StartAndRestart_WhenDeleted_AreRefusedInEveryState(PowerAction action)
    {
        foreach (var name in ServerSamples.All)
        {
            var state = ServerSamples.DeletedIn(name);

            var transition = state.Ask(action);

            Assert.Same(state, transition.Next);
            Assert.Equal(PowerEffects.None, transition.Effects);
            Assert.Equal(ServerRefusal.Deleted, transition.Reply!.Refusal);
            Assert.Equal("The server is deleted. Restore it first.", transition.Reply.Message);
        }
    }

    [Fact]
    public void UnknownAction_InEveryState_IsRefusedAsInvalid()
    {
        foreach (var name in ServerSamples.All)
            AssertRefused(name, (PowerAction)9, ServerRefusal.Invalid, "9 is not a power action.");
    }

    [Theory]
    [InlineData(PowerAction.Start)]
    [InlineData(PowerAction.Restart)]
    public void StartOrRestart_WhenOffline_BeginsANewRun(PowerAction action)
    {
        var state = ServerSamples.In("offline") with
        {
            Problem = new ServerProblem("Old.", ServerSamples.Since),
            LastCrashRestart = ServerSamples.Since,
            AppliedVersion = 1,
        };

        var transition = state.Ask(action);

        Assert.Equal(PowerEffects.BeginStart, transition.Effects);
        Assert.Equal("The server is starting.", transition.Reply!.Message);
        Assert.True(transition.Reply.IsAccepted);
        Assert.Equal(
            state with
            {
                AppliedParts = transition.Next.AppliedParts,
                AppliedLimits = state.Assignment.Spec.Limits,
                Power = PowerState.Starting,
                PowerSince = ServerSamples.Now,
                Run = ServerSamples.Run + 1,
                AppliedPorts = state.Assignment.Spec.Ports,
                AppliedMounts = state.Assignment.Spec.Mounts,
                AppliedDoneLines = state.Assignment.Spec.DoneLines,
                AppliedSpec = ServerContainer.Hash(state.Assignment.Spec),
                AppliedVersion = 3,
                Problem = null,
                LastCrashRestart = null,
                Revision = 41,
            },
            transition.Next);
    }

    [Theory]
    [InlineData("starting", PowerEffects.CancelStart)]
    [InlineData("starting with process", PowerEffects.SendStop)]
    [InlineData("running", PowerEffects.SendStop)]
    public void Stop_WhenStartingOrRunning_StopsWithTheSpecsGrace(string name, PowerEffects effects)
    {
        var state = ServerSamples.In(name);

        var transition = state.Ask(PowerAction.Stop);

        Assert.Equal("The server is stopping.", transition.Reply!.Message);
        Assert.Equal(effects, transition.Effects);
        Assert.Equal(
            state with
            {
                Power = PowerState.Stopping,
                PowerSince = ServerSamples.Now,
                StopDeadline = ServerSamples.Now.AddMinutes(2),
                Revision = 41,
            },
            transition.Next);
    }

    [Theory]
    [InlineData("restarting")]
    [InlineData("restarting without process")]
    public void Stop_WhenRestarting_CancelsTheStartAfterIt(string name)
    {
        var state = ServerSamples.In(name);

        var transition = state.Ask(PowerAction.Stop);

        Assert.Equal("The server stops and is not started again.", transition.Reply!.Message);
        Assert.Equal(PowerEffects.None, transition.Effects);
        Assert.Equal(state with { IsRestarting = false, Revision = 41 }, transition.Next);
    }

    [Theory]
    [InlineData("starting", PowerEffects.CancelStart)]
    [InlineData("starting with process", PowerEffects.SendStop)]
    [InlineData("running", PowerEffects.SendStop)]
    public void Restart_WhenStartingOrRunning_StopsAndRemembersTheStart(string name, PowerEffects effects)
    {
        var state = ServerSamples.In(name) with { LastCrashRestart = ServerSamples.Since, Problem = new ServerProblem("Old.", ServerSamples.Since) };

        var transition = state.Ask(PowerAction.Restart);

        Assert.Equal("The server is restarting.", transition.Reply!.Message);
        Assert.Equal(effects, transition.Effects);
        Assert.Equal(
            state with
            {
                Power = PowerState.Stopping,
                PowerSince = ServerSamples.Now,
                StopDeadline = ServerSamples.Now.AddMinutes(2),
                IsRestarting = true,
                LastCrashRestart = null,
                Problem = null,
                Revision = 41,
            },
            transition.Next);
    }

    [Theory]
    [InlineData("stopping")]
    [InlineData("stopping without process")]
    [InlineData("killing")]
    [InlineData("killing without process")]
    public void Restart_WhenStopping_QueuesAStart(string name)
    {
        var state = ServerSamples.In(name);

        var transition = state.Ask(PowerAction.Restart);

        Assert.Equal("The server is started again as soon as it has stopped.", transition.Reply!.Message);
        Assert.Equal(PowerEffects.None, transition.Effects);
        Assert.Equal(state with { IsRestarting = true, Revision = 41 }, transition.Next);
    }

    [Fact]
    public void Kill_InEveryStateButOffline_KillsAndForgetsEveryOtherWish()
    {
        foreach (var name in ServerSamples.All.Where(name => name != "offline"))
        {
            foreach (var state in (ServerState[])[ServerSamples.In(name), ServerSamples.DeletedIn(name)])
            {
                var transition = state.Ask(PowerAction.Kill);

                Assert.True(transition.Reply!.IsAccepted);
                Assert.Equal("The server is being killed.", transition.Reply.Message);
                Assert.Equal(KillEffects, transition.Effects);
                var expected = state with { Power = PowerState.Stopping, IsKilling = true, IsRestarting = false, StopDeadline = null };
                Assert.Equal(expected, transition.Next with { PowerSince = expected.PowerSince, Revision = expected.Revision });
            }
        }
    }

    [Fact]
    public void Kill_WhenOffline_IsAcceptedAndStillLooksForAProcess()
    {
        var state = ServerSamples.In("offline");

        var transition = state.Ask(PowerAction.Kill);

        Assert.Same(state, transition.Next);
        Assert.Equal(PowerEffects.Kill, transition.Effects);
        Assert.Equal("The server is offline: there was nothing to kill.", transition.Reply!.Message);
    }

    [Theory]
    [InlineData("offline", false)]
    [InlineData("starting", false)]
    [InlineData("starting with process", true)]
    [InlineData("running", true)]
    [InlineData("stopping", false)]
    [InlineData("restarting", false)]
    [InlineData("killing", false)]
    public void StopCommandTyped_WhenAProcessCanReadIt_IsAStopThatIsSentAlready(string name, bool isStop)
    {
        var state = ServerSamples.In(name);

        var transition = state.Next(new PowerInput.StopCommandTyped());

        Assert.Null(transition.Reply);
        if (!isStop)
        {
            Assert.Same(state, transition.Next);
            Assert.Equal(PowerEffects.None, transition.Effects);
            return;
        }

        Assert.Equal(PowerEffects.WatchDeadline, transition.Effects);
        Assert.Equal((PowerState.Stopping, false, ServerSamples.Now.AddMinutes(2)), (transition.Next.Power, transition.Next.IsWanted, transition.Next.StopDeadline));
    }

    private static void AssertRefused(string name, PowerAction action, ServerRefusal reason, string message)
    {
        var state = ServerSamples.In(name);

        var transition = state.Ask(action);

        Assert.Same(state, transition.Next);
        Assert.Equal(PowerEffects.None, transition.Effects);
        Assert.Equal((reason, message), (transition.Reply!.Refusal, transition.Reply.Message));
    }

    [Theory]
    [InlineData(PowerAction.Restart, ServerSamples.Run, true)]
    [InlineData(PowerAction.Restart, ServerSamples.Run - 1, false)]
    [InlineData(PowerAction.Restart, null, true)]
    public void Request_ForARunThatIsOver_DoesNothing(PowerAction action, int? run, bool isAccepted)
    {
        var state = ServerSamples.In("running");

        var next = PowerStateMachine.Next(state, new PowerInput.Requested(action, run), ServerSamples.Now);

        Assert.Equal(isAccepted ? ServerRefusal.None : ServerRefusal.Changed, next.Reply!.Refusal);
        Assert.Equal(isAccepted, !ReferenceEquals(next.Next, state));
    }
}

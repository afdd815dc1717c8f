using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The lower table of the README: how a process ended, in each state.</summary>
public sealed class PowerExitTests
{
    private static readonly ContainerExit s_good = new(0, false, ServerSamples.Now.AddSeconds(-2));
    private static readonly ContainerExit s_bad = new(1, false, ServerSamples.Now.AddSeconds(-2));

    [Theory]
    [InlineData("stopping")]
    [InlineData("stopping without process")]
    [InlineData("killing")]
    [InlineData("killing without process")]
    public void Exited_WhenStopping_IsOfflineWithTheExit(string name)
    {
        var state = ServerSamples.In(name);

        var transition = state.Next(new PowerInput.Exited(ServerSamples.Run, s_bad, WasUnattended: false));

        Assert.Equal("The server has stopped (exit code 1).", transition.Say);
        Assert.Equal(PowerEffects.None, transition.Effects);
        Assert.Equal(
            state with
            {
                Power = PowerState.Offline,
                PowerSince = ServerSamples.Now,
                StartedAt = null,
                StopDeadline = null,
                IsKilling = false,
                LastExit = new ServerExit(1, false, s_bad.At, WasAskedFor: true),
                Revision = 41,
            },
            transition.Next);
    }

    [Theory]
    [InlineData("restarting")]
    [InlineData("restarting without process")]
    public void Exited_WhenRestarting_BeginsTheNextRun(string name)
    {
        var transition = ServerSamples.In(name).Next(new PowerInput.Exited(ServerSamples.Run, s_good, WasUnattended: true));

        Assert.Equal(PowerEffects.BeginStart, transition.Effects);
        Assert.Equal((PowerState.Starting, ServerSamples.Run + 1, true), (transition.Next.Power, transition.Next.Run, transition.Next.IsWanted));
        Assert.False(transition.Next.IsRestarting);
        Assert.True(transition.Next.LastExit!.WasAskedFor);
    }

    [Fact]
    public void Exited_WhenOffline_ChangesNothing()
    {
        var state = ServerSamples.In("offline");

        Assert.Equal(new PowerTransition(state), state.Next(new PowerInput.Exited(ServerSamples.Run, s_bad, false)));
    }

    [Theory]
    [InlineData("starting")]
    [InlineData("starting with process")]
    public void Exited_WhenStarting_IsOfflineWithTheReason(string name)
    {
        const string problem = "The server's process ended before it had come up: exit code 1. It had not come up yet, so it is not started again by itself.";

        var transition = ServerSamples.In(name).Next(new PowerInput.Exited(ServerSamples.Run, s_bad, WasUnattended: false));

        Assert.Equal((PowerState.Offline, false, PowerEffects.None), (transition.Next.Power, transition.Next.IsWanted, transition.Effects));
        Assert.Equal(new ServerProblem(problem, ServerSamples.Now), transition.Next.Problem);
        Assert.Equal(problem, transition.Say);
        Assert.False(transition.Next.LastExit!.WasAskedFor);
    }

    [Fact]
    public void Exited_WhenStartingAndNobodySawIt_IsStartedAgain()
    {
        var transition = ServerSamples.In("starting with process").Next(new PowerInput.Exited(ServerSamples.Run, s_bad, WasUnattended: true));

        Assert.Equal((PowerState.Starting, ServerSamples.Run + 1, PowerEffects.BeginStart), (transition.Next.Power, transition.Next.Run, transition.Effects));
        Assert.Equal("The server's process ended before it had come up while OrleansWings or the engine was not running: exit code 1. It is started again.", transition.Say);
    }

    [Fact]
    public void Exited_WhenRunningWithAFault_IsStartedAgain()
    {
        var transition = ServerSamples.In("running").Next(new PowerInput.Exited(ServerSamples.Run, s_bad, WasUnattended: false));

        Assert.Equal(PowerEffects.BeginStart, transition.Effects);
        Assert.Equal("The server's process ended by itself: exit code 1. It is started again.", transition.Say);
        Assert.Equal("The server's process ended by itself: exit code 1. It was started again.", transition.Next.Problem!.Message);
        Assert.Equal((PowerState.Starting, ServerSamples.Run + 1, true), (transition.Next.Power, transition.Next.Run, transition.Next.IsWanted));
        Assert.Equal(ServerSamples.Now, transition.Next.LastCrashRestart);
        Assert.Null(transition.Next.StartedAt);
    }

    [Theory]
    [InlineData("running", false)]
    [InlineData("stopping", false)]
    [InlineData("stopping", true)]
    [InlineData("starting with process", false)]
    public void Exited_WhenAnotherEngineHasNoContainer_IsNotStartedASecondTime(string name, bool isRestarting)
    {
        var state = ServerSamples.In(name) with { IsRestarting = isRestarting, Assignment = ServerSamples.Assignment with { Spec = ServerSamples.Spec with { RestartOnCrash = true } } };

        var transition = state.Next(new PowerInput.Exited(ServerSamples.Run, null, WasUnattended: false) { IsOtherEngine = true });

        Assert.Equal((PowerState.Offline, PowerEffects.None), (transition.Next.Power, transition.Effects));
        Assert.Equal((PowerStateMachine.OtherEngine, false, state.LastExit), (transition.Next.Problem!.Message, transition.Next.IsRestarting, transition.Next.LastExit));
        // Somebody who has looked may start it.
        Assert.Equal(PowerEffects.BeginStart, transition.Next.Ask(PowerAction.Start).Effects);
    }

    [Fact]
    public void Exited_WhenAnotherEngineHasNoContainer_ADeletionIsCarriedOut()
        => Assert.Equal(PowerEffects.Delete, ServerSamples.DeletedIn("stopping").Next(new PowerInput.Exited(ServerSamples.Run, null, WasUnattended: false) { IsOtherEngine = true }).Effects);

    [Fact]
    public void Started_ToldAgainByTheEngineThatHasIt_KeepsWhichOne_AndDoesNothing()
    {
        var told = ServerSamples.In("running").Next(new PowerInput.Started(ServerSamples.Run, ServerSamples.Now) { Engine = "B" });
        Assert.Equal(("B", PowerEffects.None), (told.Next.Engine, told.Effects));
        Assert.Null(told.Next.Ask(PowerAction.Restart).Next.Next(new PowerInput.Exited(ServerSamples.Run, null, false)).Next.Engine);
    }

    [Fact]
    public void Started_FoundAfterAnotherEngineWas_TheProblemIsOver()
    {
        var state = ServerSamples.In("running") with { Engine = "A" };
        var away = state.Next(new PowerInput.Exited(ServerSamples.Run, null, false) { IsOtherEngine = true }).Next;
        var back = away.Next(new PowerInput.Started(ServerSamples.Run, ServerSamples.Now) { Engine = "A" }).Next;
        Assert.Equal((PowerState.Running, null), (back.Power, back.Problem));
    }

    [Fact]
    public void Exited_WhenTheContainerIsGone_SaysThatNobodyKnows()
    {
        var transition = ServerSamples.In("running").Next(new PowerInput.Exited(ServerSamples.Run, null, WasUnattended: false));

        Assert.Equal(new ServerExit(-1, false, ServerSamples.Now, WasAskedFor: false), transition.Next.LastExit);
        Assert.Contains("removed by somebody else", transition.Say, StringComparison.Ordinal);
        Assert.Equal(PowerEffects.BeginStart, transition.Effects);
    }
}

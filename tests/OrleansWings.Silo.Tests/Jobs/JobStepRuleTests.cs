using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Jobs;

namespace OrleansWings.Silo.Tests.Jobs;

public sealed class JobStepRuleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly HostId s_host = new("h1");
    private static readonly JobStep s_underWay = new(ServerId.New(), "one", s_host) { State = JobStepState.UnderWay, BegunAt = s_now, RunBefore = 7, IsAccepted = true };

    [Theory]
    [InlineData(PowerAction.Start, PowerState.Offline, 7, false, true)]
    [InlineData(PowerAction.Start, PowerState.Offline, 8, false, false)] // started, and over again
    [InlineData(PowerAction.Start, PowerState.Stopping, 7, false, false)]
    [InlineData(PowerAction.Start, PowerState.Starting, 8, false, false)]
    [InlineData(PowerAction.Start, PowerState.Running, 8, false, false)]
    [InlineData(PowerAction.Stop, PowerState.Running, 7, false, true)]
    [InlineData(PowerAction.Stop, PowerState.Starting, 7, false, true)]
    [InlineData(PowerAction.Stop, PowerState.Stopping, 7, false, false)]
    [InlineData(PowerAction.Stop, PowerState.Stopping, 7, true, true)]
    [InlineData(PowerAction.Stop, PowerState.Offline, 7, false, false)]
    [InlineData(PowerAction.Kill, PowerState.Stopping, 7, false, true)]
    [InlineData(PowerAction.Kill, PowerState.Offline, 7, false, false)]
    [InlineData(PowerAction.Restart, PowerState.Running, 7, false, true)]
    [InlineData(PowerAction.Restart, PowerState.Running, 8, false, false)]
    [InlineData(PowerAction.Restart, PowerState.Stopping, 7, true, false)]
    [InlineData(PowerAction.Restart, PowerState.Stopping, 7, false, false)] // somebody stops it
    [InlineData(PowerAction.Restart, PowerState.Offline, 7, false, false)]
    [InlineData(PowerAction.Restart, PowerState.Starting, 7, false, false)]
    public void IsToBeAsked_AfterASiloThatDied_NotWhenThePictureShowsThatItWas(PowerAction action, PowerState state, int run, bool isRestarting, bool expected)
    {
        var unanswered = s_underWay with { IsAccepted = false };
        Assert.Equal(expected, JobStepRule.IsToBeAsked(unanswered, action, Server(state, run) with { IsRestarting = isRestarting }));
        Assert.False(JobStepRule.IsToBeAsked(s_underWay, action, Server(state, run)));
        Assert.False(JobStepRule.IsToBeAsked(unanswered, action, seen: null));
        Assert.False(JobStepRule.IsToBeAsked(unanswered with { RunBefore = null }, action, Server(state, run)));
    }

    [Theory]
    [InlineData(PowerAction.Start, ServerRefusal.None, true)]
    [InlineData(PowerAction.Start, ServerRefusal.AlreadyRunning, true)]
    [InlineData(PowerAction.Start, ServerRefusal.AlreadyStarting, true)]
    [InlineData(PowerAction.Start, ServerRefusal.AlreadyStopping, false)] // once it has ended
    [InlineData(PowerAction.Stop, ServerRefusal.AlreadyOffline, true)]
    [InlineData(PowerAction.Stop, ServerRefusal.AlreadyStopping, true)]
    [InlineData(PowerAction.Restart, ServerRefusal.AlreadyStopping, true)] // it is restarting
    [InlineData(PowerAction.Restart, ServerRefusal.OutcomeUnknown, false)]
    [InlineData(PowerAction.Restart, ServerRefusal.HostUnreachable, false)]
    [InlineData(PowerAction.Restart, ServerRefusal.EngineUnreachable, false)]
    [InlineData(PowerAction.Restart, ServerRefusal.NotStored, false)]
    [InlineData(PowerAction.Kill, ServerRefusal.NotFound, false)] // it may be between two hosts
    public void Answered_ThereOrForNow_IsUnderWay_AndItsPictureSays(PowerAction action, ServerRefusal refusal, bool isAccepted)
    {
        var step = JobStepRule.Answered(s_underWay with { IsAccepted = false }, action, Answer(refusal), s_now);
        Assert.Equal((JobStepState.UnderWay, isAccepted, "Said."), (step.State, step.IsAccepted, step.Message));
    }

    [Theory]
    [InlineData(PowerAction.Start, ServerRefusal.Suspended)]
    [InlineData(PowerAction.Start, ServerRefusal.Installing)]
    [InlineData(PowerAction.Restart, ServerRefusal.PortTaken)]
    [InlineData(PowerAction.Stop, ServerRefusal.Deleted)]
    public void Answered_AnyOtherRefusal_HasFailedWithItsWords(PowerAction action, ServerRefusal refusal)
    {
        var step = JobStepRule.Answered(s_underWay with { IsAccepted = false }, action, Answer(refusal), s_now);
        Assert.Equal((JobStepState.Failed, "Said.", s_now), (step.State, step.Message, step.EndedAt));
    }

    [Fact]
    public void Answered_AfterItsEnd_StaysAsItIs()
    {
        foreach (var step in Steps("dsfc"))
            Assert.Equal(step, JobStepRule.Answered(step, PowerAction.Stop, ServerResult.Accepted("Said."), s_now));
    }

    [Theory]
    [InlineData(PowerAction.Start, PowerState.Running, 8, JobStepState.Done)]
    [InlineData(PowerAction.Start, PowerState.Running, 7, JobStepState.Done)] // it was starting when its turn came
    [InlineData(PowerAction.Start, PowerState.Starting, 8, JobStepState.UnderWay)]
    [InlineData(PowerAction.Start, PowerState.Offline, 7, JobStepState.UnderWay)] // of before
    [InlineData(PowerAction.Start, PowerState.Offline, 8, JobStepState.Failed)]
    [InlineData(PowerAction.Stop, PowerState.Stopping, 7, JobStepState.UnderWay)]
    [InlineData(PowerAction.Stop, PowerState.Offline, 7, JobStepState.Done)]
    [InlineData(PowerAction.Kill, PowerState.Offline, 7, JobStepState.Done)]
    [InlineData(PowerAction.Restart, PowerState.Running, 7, JobStepState.UnderWay)] // of before
    [InlineData(PowerAction.Restart, PowerState.Running, 8, JobStepState.Done)]
    [InlineData(PowerAction.Restart, PowerState.Stopping, 7, JobStepState.UnderWay)]
    [InlineData(PowerAction.Restart, PowerState.Offline, 8, JobStepState.Failed)]
    [InlineData(PowerAction.Restart, PowerState.Offline, 7, JobStepState.Failed)] // called off
    public void Seen_PerPicture_IsOnItsWayOrOver(PowerAction action, PowerState state, int run, JobStepState expected)
        => Assert.Equal(expected, JobStepRule.Seen(s_underWay, action, Server(state, run), TimeSpan.Zero, s_now).State);

    [Theory]
    [InlineData(PowerAction.Start, PowerState.Running, 8, JobStepState.Done)]
    [InlineData(PowerAction.Restart, PowerState.Running, 8, JobStepState.Done)]
    [InlineData(PowerAction.Restart, PowerState.Running, 7, JobStepState.UnderWay)]
    [InlineData(PowerAction.Restart, PowerState.Offline, 7, JobStepState.Skipped)] // somebody stopped it
    [InlineData(PowerAction.Stop, PowerState.Offline, 7, JobStepState.Done)] // it ran when its turn came: undoing starts it
    public void Seen_AnswerNeverCame_ThePictureSaysHowItIs(PowerAction action, PowerState state, int run, JobStepState expected)
        => Assert.Equal(expected, JobStepRule.Seen(s_underWay with { IsAccepted = false }, action, Server(state, run), TimeSpan.Zero, s_now).State);

    [Theory]
    [InlineData(4.9, JobStepState.UnderWay)]
    [InlineData(5, JobStepState.Done)]
    public void Seen_Running_CountsOnceItHasHeld(double seconds, JobStepState expected)
    {
        var running = Server(PowerState.Running, 8) with { StateSince = s_now, AsOf = s_now.AddSeconds(seconds) };
        Assert.Equal(expected, JobStepRule.Seen(s_underWay, PowerAction.Restart, running, TimeSpan.FromSeconds(5), s_now).State);
    }

    [Fact]
    public void Seen_FailedStart_SaysTheServersOwnReason()
    {
        var failed = Server(PowerState.Offline, 8) with { Problem = new ServerProblem("The image game:2 does not exist.", s_now) };
        Assert.Equal("The image game:2 does not exist.", JobStepRule.Seen(s_underWay, PowerAction.Restart, failed, TimeSpan.Zero, s_now).Message);
    }

    [Theory]
    [InlineData(PowerAction.Stop, JobStepState.Skipped)]
    [InlineData(PowerAction.Kill, JobStepState.Skipped)]
    [InlineData(PowerAction.Start, JobStepState.Failed)]
    [InlineData(PowerAction.Restart, JobStepState.Failed)]
    public void Seen_ServerThatIsGone_IsOver(PowerAction action, JobStepState expected)
    {
        Assert.Equal(expected, JobStepRule.Seen(s_underWay, action, seen: null, TimeSpan.Zero, s_now).State);
        Assert.Equal(expected, JobStepRule.Seen(s_underWay, action, Server(PowerState.Offline, 7) with { IsDeleted = true }, TimeSpan.Zero, s_now).State);
        Assert.Equal(expected, JobStepRule.Begin(Steps("w")[0], action, seen: null, s_now).State);
    }

    [Fact]
    public void Seen_NotItsTurnOrOver_StaysAsItIs()
    {
        foreach (var step in Steps("wdsfc"))
            Assert.Equal(step, JobStepRule.Seen(step, PowerAction.Stop, Server(PowerState.Offline, 9), TimeSpan.Zero, s_now));
    }

    [Fact]
    public void Wait_ItsTimeIsCountedOverManyLooks_WhateverTheClockSays()
    {
        var waited = JobStepRule.Wait(s_underWay, null, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(4), s_now + TimeSpan.FromDays(1));
        Assert.Equal((JobStepState.UnderWay, TimeSpan.FromMinutes(4)), (waited.State, waited.Spent));

        var late = JobStepRule.Wait(waited, null, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1), s_now);

        Assert.Equal((JobStepState.Failed, "Its host or engine did not answer, and 5 minutes are over: it is not known how it is."), (late.State, late.Message));
        Assert.Equal(s_now, late.EndedAt);
    }

    [Fact]
    public void Wait_NeverAnsweredAndNotSeen_HoldsItsPlaceForAMinuteOnly()
    {
        var unanswered = s_underWay with { IsAccepted = false, Message = "The host h1 is away." };
        Assert.Equal(JobStepState.UnderWay, JobStepRule.Wait(unanswered, null, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(59), s_now).State);
        Assert.Equal(JobStepState.UnderWay, JobStepRule.Wait(unanswered, Server(PowerState.Running, 7), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(60), s_now).State);
        Assert.Equal(
            "Its host or engine did not answer, and 60 seconds are over: it is not known how it is. It said: The host h1 is away.",
            JobStepRule.Wait(unanswered, null, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(60), s_now).Message);
    }

    [Fact]
    public void Wait_StillOnItsWayAtItsDeadline_SaysWhatItDoes()
    {
        var pulling = Server(PowerState.Starting, 8) with { Activity = "Pulling image: 40 %" };
        var time = TimeSpan.FromSeconds(90);
        Assert.Equal("It is starting after 90 seconds: Pulling image: 40 %", JobStepRule.Wait(s_underWay, pulling, time, time, s_now).Message);
    }

    [Fact]
    public void Begin_IsUnderWay_AndKnowsItsRun()
    {
        var begun = JobStepRule.Begin(Steps("w")[0], PowerAction.Start, Server(PowerState.Offline, 7), s_now);
        Assert.Equal((JobStepState.UnderWay, 7, s_now), (begun.State, begun.RunBefore, begun.BegunAt));
        Assert.True(JobStepRule.IsToBeAsked(begun, PowerAction.Start, Server(PowerState.Offline, 7)));
    }

    [Theory]
    [InlineData(PowerAction.Start, PowerState.Running, false, JobStepState.Skipped)]
    [InlineData(PowerAction.Start, PowerState.Stopping, false, JobStepState.UnderWay)]
    [InlineData(PowerAction.Stop, PowerState.Offline, false, JobStepState.Skipped)]
    [InlineData(PowerAction.Stop, PowerState.Offline, true, JobStepState.UnderWay)]
    [InlineData(PowerAction.Kill, PowerState.Offline, false, JobStepState.Skipped)]
    [InlineData(PowerAction.Restart, PowerState.Offline, false, JobStepState.Skipped)]
    [InlineData(PowerAction.Restart, PowerState.Offline, true, JobStepState.UnderWay)]
    [InlineData(PowerAction.Restart, PowerState.Stopping, false, JobStepState.Skipped)]
    [InlineData(PowerAction.Restart, PowerState.Stopping, true, JobStepState.UnderWay)]
    [InlineData(PowerAction.Restart, PowerState.Starting, false, JobStepState.UnderWay)]
    public void Begin_NothingToDo_IsPassedOver(PowerAction action, PowerState state, bool isRestarting, JobStepState expected)
        => Assert.Equal(expected, JobStepRule.Begin(Steps("w")[0], action, Server(state, 7) with { IsRestarting = isRestarting }, s_now).State);

    [Fact]
    public void BeginUnseen_IsNotAskedBeforeItWasLookedAt_AndItsTimeRuns()
    {
        var begun = JobStepRule.BeginUnseen(Steps("w")[0], s_now);
        Assert.False(JobStepRule.IsToBeAsked(begun, PowerAction.Restart, Server(PowerState.Running, 7)));
        Assert.Equal(JobStepState.Failed, JobStepRule.Wait(begun, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), s_now).State);

        var seen = JobStepRule.Begin(begun, PowerAction.Restart, Server(PowerState.Running, 7), s_now.AddSeconds(3));

        Assert.Equal((7, s_now), (seen.RunBefore, seen.BegunAt));
        Assert.True(JobStepRule.IsToBeAsked(seen, PowerAction.Restart, Server(PowerState.Running, 7)));
    }

    private static ServerResult Answer(ServerRefusal refusal) => refusal == ServerRefusal.None ? ServerResult.Accepted("Said.") : ServerResult.Refused(refusal, "Said.");

    // w: waiting, u: under way, d: done, s: skipped, f: failed, c: cancelled.
    private static JobStep[] Steps(string states) => [.. states.Select(state => new JobStep(ServerId.New(), $"server {state}", s_host)
    {
        State = (JobStepState)"wudsfc".IndexOf(state, StringComparison.Ordinal),
    })];

    private static ServerSnapshot Server(PowerState state, int run) => new() { Id = s_underWay.Server, Name = "one", Host = s_host, State = state, Run = run };
}

using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Jobs;

namespace OrleansWings.Silo.Tests.Jobs;

public sealed class JobRuleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly JobPace s_pace = new() { MaxParallel = 2, MaxParallelPerHost = 2, StopAfterFailures = 2, StepTimeout = TimeSpan.FromMinutes(5) };

    [Theory]
    [InlineData("wwww", false, "0 1")]
    [InlineData("uwww", false, "1")]
    [InlineData("uuww", false, "")]
    [InlineData("dswfw", false, "2 4")] // one failure is none too many
    [InlineData("ffww", false, "")]
    [InlineData("wwww", true, "")]
    [InlineData("dddd", false, "")]
    [InlineData("", false, "")]
    public void ToBegin_AtItsPace_InOrder_UntilItStops(string states, bool isCancelled, string expected)
        => Assert.Equal(expected, Begun(Job(states) with { IsCancelled = isCancelled }));

    [Fact]
    public void ToBegin_WithoutAStopAfterFailures_GoesOn() => Assert.Equal("3", Begun(Job("fffw", pace: s_pace with { StopAfterFailures = 0 })));

    [Theory]
    [InlineData("wwwww", "aaabb", 1, "0 3")]
    [InlineData("wwwww", "aaabb", 2, "0 1 3")]
    [InlineData("uwwww", "aaabb", 1, "3")]
    [InlineData("uwwuw", "aaabb", 2, "1")]
    [InlineData("wwwww", "aaaaa", 1, "0")]
    public void ToBegin_OneHostHasNotAllTheWork(string states, string hosts, int perHost, string expected)
        => Assert.Equal(expected, Begun(Job(states, hosts, s_pace with { MaxParallel = 3, MaxParallelPerHost = perHost })));

    [Fact]
    public void ToBegin_SomeOnly_NoneElseIs() => Assert.Equal("2", string.Join(' ', JobRule.ToBegin(Job("wwww"), s_now, new HashSet<int> { 2 })));

    [Theory]
    [InlineData(PowerAction.Stop, 30, 29, false)]
    [InlineData(PowerAction.Stop, 30, 30, true)]
    [InlineData(PowerAction.Restart, 30, 31, true)]
    [InlineData(PowerAction.Start, 30, 31, false)] // nobody is connected to what is offline
    [InlineData(PowerAction.Stop, 0, 31, false)]
    public void WhyNoFurther_WaitedForPlayersLongEnough(PowerAction action, int minutes, int waited, bool isOver)
    {
        var job = Job("wwu", pace: s_pace with { MaxWaitForPlayers = TimeSpan.FromMinutes(minutes) });
        job = job with { Request = job.Request! with { Action = action }, WaitedForPlayers = TimeSpan.FromMinutes(waited) };
        Assert.Equal(isOver ? "The job has waited for players as long as it may, 30 minutes: the rest was never seen without." : null, JobRule.WhyNoFurther(job, s_now));
    }

    [Fact]
    public void ToBegin_OutsideItsWindow_NobodyIs()
    {
        var job = Job("ww") with { Request = Request(s_pace) with { NotBefore = s_now.AddHours(1), NotAfter = s_now.AddHours(2) } };
        Assert.Equal(("", JobState.Waiting), (Begun(job), JobRule.StateOf(job, isEndStored: false, s_now)));
        Assert.Equal("0 1", Begun(job, s_now.AddHours(1)));
        Assert.Equal("", Begun(job, s_now.AddHours(3)));
        Assert.Equal("The job's time was over.", JobRule.WhyNoFurther(job, s_now.AddHours(3)));
    }

    [Fact]
    public void Settle_WhoseTurnWillNotCome_IsCancelledWithTheReason_AndWhoIsUnderWayGoesOn()
    {
        var job = Job("ffuw");
        var why = JobRule.WhyNoFurther(job, s_now);
        var settled = job.Steps.Select(step => JobRule.Settle(step, why, s_now)).ToArray();

        Assert.Equal([JobStepState.Failed, JobStepState.Failed, JobStepState.UnderWay, JobStepState.Cancelled], settled.Select(step => step.State));
        Assert.Equal("The job stopped by itself: 2 failed.", settled[3].Message);
        Assert.Equal("The job was cancelled.", JobRule.WhyNoFurther(job with { IsCancelled = true }, s_now));
        Assert.False(JobRule.IsOver(settled));
        Assert.True(JobRule.IsOver([settled[0], settled[3]]));
    }

    [Theory]
    [InlineData("uw", false, false, JobState.UnderWay)]
    [InlineData("dw", false, false, JobState.UnderWay)]
    [InlineData("du", false, false, JobState.UnderWay)]
    [InlineData("dd", false, false, JobState.UnderWay)] // not written yet
    [InlineData("uw", true, false, JobState.Ending)]
    [InlineData("dfs", false, true, JobState.Done)]
    [InlineData("dc", false, true, JobState.Stopped)]
    public void StateOf_PerSteps(string states, bool isCancelled, bool isEndStored, JobState expected)
        => Assert.Equal(expected, JobRule.StateOf(Job(states) with { IsCancelled = isCancelled }, isEndStored, s_now));

    [Fact]
    public void TimeLeft_IsWhatTheRestTakesAtThePaceSoFar()
    {
        var job = Job("ddww");
        Assert.Null(JobRule.TimeLeft(job, s_now));
        for (var i = 0; i < 2; i++)
            job.Steps[i] = job.Steps[i] with { BegunAt = s_now.AddSeconds(-30), EndedAt = s_now.AddSeconds(-10) };
        Assert.Equal(TimeSpan.FromSeconds(30), JobRule.TimeLeft(job, s_now));
        // Nobody knows when players go.
        Assert.Null(JobRule.TimeLeft(job with { Request = Request(s_pace with { MaxWaitForPlayers = TimeSpan.FromHours(1) }) }, s_now));
    }

    private static string Begun(JobRecord job, DateTimeOffset? now = null) => string.Join(' ', JobRule.ToBegin(job, now ?? s_now));

    private static JobRequest Request(JobPace pace) => new() { Action = PowerAction.Restart, Selection = new ServerSelection { IsEveryServer = true }, Pace = pace };

    // w: waiting, u: under way, d: done, s: skipped, f: failed, c: cancelled. A letter for each one's host; without any each has its own.
    private static JobRecord Job(string states, string? hosts = null, JobPace? pace = null) => new()
    {
        Request = Request(pace ?? s_pace),
        Steps = [.. states.Select((state, i) => new JobStep(ServerId.New(), $"server {i}", new HostId(hosts?[i].ToString() ?? $"host-{i}"))
        {
            State = (JobStepState)"wudsfc".IndexOf(state, StringComparison.Ordinal),
        })],
    };
}

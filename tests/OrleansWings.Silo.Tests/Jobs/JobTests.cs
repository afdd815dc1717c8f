using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Clusters;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Jobs;

/// <summary>Jobs on a whole cluster, with fake engines.</summary>
public sealed class JobTests
{
    private static readonly JobPace s_fast = new() { MaxParallel = 2, MaxParallelPerHost = 1, StepTimeout = TimeSpan.FromMinutes(2), MinRunningTime = TimeSpan.Zero };

    [Fact]
    public async Task Restart_OfManyOnTwoHosts_RestartsEachOnceAtItsPace_AndNoneThatIsStopped()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        await cluster.UntilReadyAsync(2);
        var servers = await RunAsync(cluster, 6);
        var stopped = await cluster.CreateServerAsync(Specs.Game("stopped"));

        var made = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { IsEveryServer = true }));
        var job = await UntilOverAsync(cluster, made);

        Assert.Equal((JobState.Done, 6, 1), (job.State, job.Count(JobStepState.Done), job.Count(JobStepState.Skipped)));
        foreach (var server in servers)
            Assert.Equal((2, PowerState.Running), await RunOf(server));
        Assert.Equal((0, PowerState.Offline), await RunOf(stopped));
        var steps = (await cluster.Fleet.GetJob(job.Id).ReadStepsAsync()).Where(step => step.State == JobStepState.Done).ToArray();
        Assert.Equal(2, steps.Select(step => step.Host).Distinct().Count());
        // At the moment at which each began: so many were under way, of the fleet and of its host.
        Assert.Equal(s_fast.MaxParallel, steps.Max(begun => steps.Count(other => IsUnderWayAt(other, begun.BegunAt!.Value))));
        Assert.All(steps, begun => Assert.Equal(1, steps.Count(other => other.Host == begun.Host && IsUnderWayAt(other, begun.BegunAt!.Value))));
    }

    [Fact]
    public async Task Start_SomeCannot_StopsAfterSoManyFailures_AndTheRestIsTriedAgain()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var broken = new List<IServer>();
        for (var i = 1; i <= 4; i++)
            broken.Add(await cluster.CreateServerAsync(Specs.Game($"game {i}") with { Image = "~not-there:1" }));

        var made = await cluster.Fleet.CreateJobAsync(new JobRequest
        {
            Action = PowerAction.Start,
            Selection = new ServerSelection { Text = "GAME" },
            Pace = s_fast with { StopAfterFailures = 2 },
            Title = "After the update",
            By = "eve",
        });
        var job = await UntilOverAsync(cluster, made);

        Assert.Equal((JobState.Stopped, 2, 2), (job.State, job.Count(JobStepState.Failed), job.Count(JobStepState.Cancelled)));
        Assert.Equal(("After the update", "eve", "The job stopped by itself: 2 failed."), (job.Title, job.Request.By, job.StopReason));
        var steps = await cluster.Fleet.GetJob(job.Id).ReadStepsAsync(JobStepState.Failed);
        Assert.All(steps, step => Assert.Contains("not-there:1 is not on this host", step.Message, StringComparison.Ordinal));

        foreach (var server in broken)
            Assert.True((await server.UpdateAsync(Specs.Game("mended"))).IsAccepted);
        var again = await UntilOverAsync(cluster, await cluster.Fleet.GetJob(job.Id).RetryAsync());

        Assert.Equal((JobState.Done, 4, "After the update (again)"), (again.State, again.Count(JobStepState.Done), again.Title));
        Assert.Equal(again.Id, (await cluster.Fleet.GetJob(job.Id).GetSnapshotAsync())!.RetriedBy);
        var twice = await cluster.Fleet.GetJob(job.Id).RetryAsync();
        Assert.Equal((ServerRefusal.JobIsOver, again.Id), (twice.Refusal, twice.Job));
        Assert.Equal([again.Id, job.Id], (await cluster.Fleet.ListJobsAsync()).Select(one => one.Id));
    }

    [Fact]
    public async Task Create_TenTimesAtOnceWithOneId_IsOneJob()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var servers = await RunAsync(cluster, 2);
        var id = JobId.New();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { State = PowerState.Running }), id)));

        Assert.All(answers, answer => Assert.Equal((ServerRefusal.None, id), (answer.Refusal, answer.Job)));
        await UntilOverAsync(cluster, answers[0]);
        foreach (var server in servers)
            Assert.Equal((2, PowerState.Running), await RunOf(server));
        Assert.Single(await cluster.Fleet.ListJobsAsync());
        Assert.EndsWith("was made before.", (await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { State = PowerState.Running }), id)).Message, StringComparison.Ordinal);
        Assert.Equal(ServerRefusal.AlreadyExists, (await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { IsEveryServer = true }), id)).Refusal);
    }

    [Fact]
    public async Task Create_WhatCannotBe_IsRefusedWithWhatWasAsked()
    {
        await using var cluster = await WingsCluster.StartAsync();
        await cluster.CreateServerAsync(Specs.Game());
        var nobody = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection()));
        var unfitting = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { Hosts = [new HostId("moon")] }));
        var unlabelled = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { Labels = Specs.Game().Labels.Add("a", "b") }));
        var pace = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { IsEveryServer = true }) with { Pace = new JobPace { MaxParallel = 0 } });

        Assert.Equal(("Selection", "Nothing is selected: name servers, a host, a label or a part of a name, or say that every server is meant."), (nobody.Faults[0].Field, nobody.Faults[0].Message));
        Assert.Equal((ServerRefusal.NothingSelected, "No server fits: of 1 in the fleet none is as selected."), (unfitting.Refusal, unfitting.Message));
        Assert.Equal(ServerRefusal.NothingSelected, unlabelled.Refusal);
        Assert.Equal("0 servers at once cannot be: 1 to 100.", pace.Message);
        var past = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { IsEveryServer = true }) with { NotAfter = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        Assert.Equal("Its time was over already at 2020-01-01 00:00:00Z.", past.Message);
        Assert.Equal(ServerRefusal.Invalid, (await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { IsEveryServer = true }), new JobId(Guid.Empty))).Refusal);
        // As another program may leave them out.
        var lists = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { Servers = default, Hosts = default, Labels = null!, Text = null! }) with { Pace = null!, Title = null! });
        Assert.Equal("Selection", Assert.Single(lists.Faults).Field);
        var missing = cluster.Fleet.GetJob(JobId.New());
        Assert.Null(await missing.GetSnapshotAsync());
        Assert.Equal(ServerRefusal.NotFound, (await missing.CancelAsync()).Refusal);
        Assert.Equal(ServerRefusal.NotFound, (await missing.RetryAsync()).Refusal);
        Assert.Empty(await cluster.Fleet.ListJobsAsync());
    }

    [Fact]
    public async Task TwoJobs_OfOneServer_TheSecondIsRefused_UntilTheFirstIsCancelledHalfWay()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var labelled = Specs.Game("slow") with { Stop = new StopRule { Kind = StopKind.Command, Value = "no such command", Grace = TimeSpan.FromSeconds(4) }, Labels = Specs.Game().Labels.Add("season", "winter") };
        var slow = await cluster.RunServerAsync(labelled);
        var next = await cluster.RunServerAsync(Specs.Game("z"));
        var first = await cluster.Fleet.CreateJobAsync(new JobRequest { Action = PowerAction.Stop, Selection = new ServerSelection { IsEveryServer = true }, Pace = s_fast with { MaxParallel = 1 } });
        await cluster.WaitForAsync(slow, PowerState.Stopping);

        var second = await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { Labels = labelled.Labels }));
        Assert.Equal((ServerRefusal.ServersInOtherJob, first.Job), (second.Refusal, second.Job));
        Assert.Equal("One of the servers is in ‘Stop 2 servers’, which is not over. Cancel it, or wait for its end.", second.Message);
        Assert.Equal(first.Job, (await cluster.Fleet.FindJobAsync(slow.Id))?.Id);
        Assert.Equal(ServerRefusal.JobNotOver, (await cluster.Fleet.GetJob(first.Job!.Value).RetryAsync()).Refusal);

        Assert.Equal("No further server is begun; 1 on their way go on to their end.", (await cluster.Fleet.GetJob(first.Job.Value).CancelAsync()).Message);
        var job = await UntilOverAsync(cluster, first);

        Assert.Equal((JobState.Stopped, 1, 1), (job.State, job.Count(JobStepState.Done), job.Count(JobStepState.Cancelled)));
        Assert.Equal((1, PowerState.Offline), await RunOf(slow));
        Assert.Equal((1, PowerState.Running), await RunOf(next));
        Assert.Equal(ServerRefusal.JobIsOver, (await cluster.Fleet.GetJob(job.Id).CancelAsync()).Refusal);
        var undone = await UntilOverAsync(cluster, await cluster.Fleet.GetJob(job.Id).UndoAsync());
        Assert.Equal((PowerAction.Start, 1), (undone.Request.Action, undone.Count(JobStepState.Done)));
        Assert.Null(await cluster.Fleet.FindJobAsync(slow.Id));
        Assert.Equal((2, PowerState.Running), await RunOf(slow));
    }

    [Fact]
    public async Task Drain_StopsWhatRunsThere_AndIsUndone()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        await cluster.UntilReadyAsync(2);
        var (h1, h2) = (new HostId("h1"), new HostId("h2"));
        var here = await cluster.RunServerAsync(Specs.Game("here") with { Host = h1 });
        var off = await cluster.CreateServerAsync(Specs.Game("off") with { Host = h1 });
        var there = await cluster.RunServerAsync(Specs.Game("there") with { Host = h2 });

        var job = await UntilOverAsync(cluster, await cluster.Fleet.GetHost(h1).DrainAsync("new disk", s_fast));

        Assert.Equal(("Drain h1", 1, 1), (job.Title, job.Count(JobStepState.Done), job.Count(JobStepState.Skipped)));
        Assert.Equal((1, PowerState.Offline), await RunOf(here));
        Assert.Equal((1, PowerState.Running), await RunOf(there));
        Assert.Equal("new disk", (await cluster.Fleet.ListHostsAsync()).Single(host => host.Id == h1).Settings!.Maintenance!.Note);

        var undone = await UntilOverAsync(cluster, await cluster.Fleet.GetJob(job.Id).UndoAsync());

        Assert.Equal("Start what was stopped on h1", undone.Title);
        Assert.Equal((2, PowerState.Running), await RunOf(here));
        Assert.Equal((0, PowerState.Offline), await RunOf(off));
        Assert.Null((await cluster.Fleet.ListHostsAsync()).Single(host => host.Id == h1).Settings!.Maintenance);
    }

    [Fact]
    public async Task Drain_HostWithoutServers_IsInMaintenance_AndThereIsNoJob()
    {
        await using var cluster = await WingsCluster.StartAsync();
        await cluster.UntilReadyAsync(1);
        var drained = await cluster.Fleet.GetHost(new HostId("h1")).DrainAsync("");
        Assert.Equal((true, null, "h1 is in maintenance. It has no servers."), (drained.IsAccepted, drained.Job, drained.Message));
    }

    [Fact]
    public async Task HostIsLost_ItsServersFail_AndTheJobEnds()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        await cluster.UntilReadyAsync(2);
        await cluster.RunServerAsync(Specs.Game("a") with { Host = new HostId("h1") });
        var there = await cluster.RunServerAsync(Specs.Game("b") with { Host = new HostId("h2") });
        await cluster.StopHostAsync("h1", isKilled: true);

        var job = await UntilOverAsync(cluster, await cluster.Fleet.CreateJobAsync(Restart(new ServerSelection { IsEveryServer = true }) with { Pace = s_fast with { StepTimeout = TimeSpan.FromSeconds(10) } }));

        Assert.StartsWith("Its host or engine did not answer, and 1", (await cluster.Fleet.GetJob(job.Id).ReadStepsAsync(JobStepState.Failed))[0].Message, StringComparison.Ordinal);
        Assert.Equal((JobState.Done, 1, 1), (job.State, job.Count(JobStepState.Failed), job.Count(JobStepState.Done)));
        Assert.Equal((2, PowerState.Running), await RunOf(there));
    }

    [Fact]
    public async Task Kill_OfSomeThatAreOff_UndoneStartsOnlyWhatRan()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var on = await cluster.RunServerAsync(Specs.Game("on"));
        var off = await cluster.CreateServerAsync(Specs.Game("off"));
        var job = await UntilOverAsync(cluster, await cluster.Fleet.CreateJobAsync(new JobRequest { Action = PowerAction.Kill, Selection = new ServerSelection { IsEveryServer = true }, Pace = s_fast }));
        Assert.Equal((1, 1), (job.Count(JobStepState.Done), job.Count(JobStepState.Skipped)));

        await UntilOverAsync(cluster, await cluster.Fleet.GetJob(job.Id).UndoAsync());

        Assert.Equal((2, PowerState.Running), await RunOf(on));
        Assert.Equal((0, PowerState.Offline), await RunOf(off));
    }

    [Fact]
    public async Task Order_OfHigherStartPriorityFirst_AndAStopTheOtherWayRound()
    {
        await using var cluster = await WingsCluster.StartAsync();
        foreach (var (name, priority) in new[] { ("a", -5), ("b", 0), ("c", 50), ("d", 0) })
            await cluster.CreateServerAsync(Specs.Game(name) with { StartPriority = priority });
        Assert.Equal(["c", "b", "d", "a"], await OrderOfAsync(PowerAction.Start));
        Assert.Equal(["a", "b", "d", "c"], await OrderOfAsync(PowerAction.Kill));

        async Task<IEnumerable<string>> OrderOfAsync(PowerAction action)
        {
            var made = await cluster.Fleet.CreateJobAsync(new JobRequest { Action = action, Selection = new ServerSelection { IsEveryServer = true }, Pace = s_fast });
            await UntilOverAsync(cluster, made);
            return (await cluster.Fleet.GetJob(made.Job!.Value).ReadStepsAsync()).Select(step => step.Name);
        }
    }

    private static JobRequest Restart(ServerSelection selection) => new() { Action = PowerAction.Restart, Selection = selection, Pace = s_fast };

    private static bool IsUnderWayAt(JobStepSnapshot step, DateTimeOffset at) => step.BegunAt <= at && step.EndedAt > at;

    private static async Task<IServer[]> RunAsync(WingsCluster cluster, int count)
    {
        var servers = new List<IServer>();
        for (var i = 1; i <= count; i++)
            servers.Add(await cluster.RunServerAsync(Specs.Game($"game {i}")));
        return [.. servers];
    }

    private static async Task<(int Run, PowerState State)> RunOf(IServer server) => await server.GetSnapshotAsync() is { } now ? (now.Run, now.State) : default;

    private static async Task<JobSnapshot> UntilOverAsync(WingsCluster cluster, ServerResult made)
    {
        Assert.True(made.IsAccepted, made.Message);
        return (await Eventually.GetAsync(cluster.Fleet.GetJob(made.Job!.Value).GetSnapshotAsync, job => job is { IsOver: true }))!;
    }
}

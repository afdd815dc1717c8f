using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Clusters;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Jobs;

/// <summary>The control silo that has a job dies, at each of its steps: the job goes on on another one, and no server is asked twice.</summary>
public sealed class JobSurvivalTests
{
    private static readonly JobPace s_pace = new() { MaxParallel = 1, MinRunningTime = TimeSpan.Zero, StepTimeout = TimeSpan.FromMinutes(2) };

    [Theory]
    [InlineData(typeof(IJobBookGrain), nameof(IJobBookGrain.EnterAsync), false)] // it may never have been made
    [InlineData(typeof(IServerGrain), nameof(IServerGrain.GetSnapshotAsync), true)] // before anything is written of a server
    [InlineData(typeof(IServerGrain), nameof(IServerGrain.PowerAsync), true)] // written, and the question is on its way: its answer reaches nobody
    [InlineData(typeof(IJobBookGrain), nameof(IJobBookGrain.OnOverAsync), true)] // all done, and the book does not know it
    public async Task SiloOfTheJobDies_JustBeforeACall_TheJobGoesOn_AndEachServerIsRestartedOnce(Type of, string method, bool isMade)
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(controls: 2, calls: calls);
        var servers = new[] { await cluster.RunServerAsync(Specs.Game("a")), await cluster.RunServerAsync(Specs.Game("b")) };
        var id = await FindIdOnAsync(cluster, "c2");
        var request = new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { IsEveryServer = true }, Pace = s_pace };
        var killed = new TaskCompletionSource();
        calls.BeforeNext(method, async () =>
        {
            await cluster.KillControlAsync("c2");
            killed.SetResult();
        }, of);

        var made = await cluster.Fleet.CreateJobAsync(request, id);
        // Who got no answer asks again, with the same id.
        if (!isMade || !made.IsAccepted)
            made = await Eventually.GetAsync(() => cluster.Fleet.CreateJobAsync(request, id), answer => answer.IsAccepted);
        await killed.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var job = (await Eventually.GetAsync(() => TryAsync(cluster, id), found => found is { IsOver: true }))!;

        Assert.Equal((JobState.Done, 2), (job.State, job.Count(JobStepState.Done)));
        foreach (var server in servers)
        {
            var now = await cluster.WaitForAsync(server, PowerState.Running);
            Assert.Equal(2, now.Run);
        }

        // The book hears of its end from whoever has it now.
        await Eventually.GetAsync(
            () => cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IJobBookGrain>(0).ListAsync(isOpenOnly: true), open => open.IsEmpty);
    }

    [Fact]
    public async Task QuestionOfADeadSilo_ArrivesWhenTheJobIsOver_NoServerIsRestartedASecondTime()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(controls: 2, calls: calls);
        var server = await cluster.RunServerAsync(Specs.Game());
        var id = await FindIdOnAsync(cluster, "c2");
        // Of the start, of the silo that goes on with the job, and the late one.
        const int Questions = 3;
        calls.BeforeNext(nameof(IServerGrain.PowerAsync), async () =>
        {
            await cluster.KillControlAsync("c2");
            await Eventually.GetAsync(() => TryAsync(cluster, id), found => found is { IsOver: true });
        }, typeof(IServerGrain));

        await cluster.Fleet.CreateJobAsync(new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { IsEveryServer = true }, Pace = s_pace }, id);
        await Eventually.TrueAsync(() => calls.AnsweredOf(nameof(IServerGrain.PowerAsync)) == Questions);

        var now = await cluster.WaitForAsync(server, PowerState.Running);
        Assert.Equal((2, false), (now.Run, now.IsRestarting));
    }

    private static async Task<JobSnapshot?> TryAsync(WingsCluster cluster, JobId id)
    {
        try
        {
            return await cluster.Fleet.GetJob(id).GetSnapshotAsync();
        }
        catch (Exception e) when (e is StoreUnreachableException or TimeoutException or OrleansException)
        {
            return null;
        }
    }

    // Control grains are placed by their key: of some ids one lies where it is wanted.
    private static async Task<JobId> FindIdOnAsync(WingsCluster cluster, string control)
    {
        var grains = cluster.Control("c1").GetRequiredService<IGrainFactory>();
        var wanted = cluster.Control(control).GetRequiredService<ILocalSiloDetails>().SiloAddress;
        for (var i = 0; i < 64; i++)
        {
            var id = JobId.New();
            var job = grains.GetGrain<IJobGrain>(id.Value);
            await job.GetSnapshotAsync();
            if (await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(job) is { } address && address.Equals(wanted))
                return id;
        }

        throw new InvalidOperationException($"No job of 64 was placed on {control}.");
    }
}

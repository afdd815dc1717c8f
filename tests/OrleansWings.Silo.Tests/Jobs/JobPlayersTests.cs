using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Clusters;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Jobs;

/// <summary>Servers that somebody is connected to are left alone, on a whole cluster with a fake engine.</summary>
public sealed class JobPlayersTests
{
    private static readonly JobPace s_pace = new() { MaxParallel = 1, MinRunningTime = TimeSpan.Zero, MaxWaitForPlayers = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Stop_OfServersWithPlayers_BeginsWithTheEmpty_AndWaitsForTheOthers()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var played = await RunAsync(cluster, "a played", players: 2);
        var untold = await RunAsync(cluster, "b untold", players: null);
        var empty = await RunAsync(cluster, "c empty", players: 0);

        var made = await cluster.Fleet.CreateJobAsync(Stop(s_pace));
        var job = cluster.Fleet.GetJob(made.Job!.Value);
        await Eventually.GetAsync(job.GetSnapshotAsync, now => now?.Count(JobStepState.Done) == 1);
        var waiting = await Eventually.GetAsync(() => job.ReadStepsAsync(JobStepState.Waiting), steps => steps.Length == 2 && steps.All(step => step.Message.Length > 0));

        Assert.Equal(PowerState.Offline, (await empty.GetSnapshotAsync())!.State);
        Assert.Equal("Somebody is connected: it waits until nobody is.", waiting.Single(step => step.Server == played.Id).Message);
        Assert.StartsWith("It cannot be told whether somebody is connected", waiting.Single(step => step.Server == untold.Id).Message, StringComparison.Ordinal);
        Assert.Equal((PowerState.Running, PowerState.Running), ((await played.GetSnapshotAsync())!.State, (await untold.GetSnapshotAsync())!.State));

        SetPlayers(cluster, played, 0);
        await Eventually.GetAsync(played.GetSnapshotAsync, now => now?.State == PowerState.Offline);
        Assert.Equal(PowerState.Running, (await untold.GetSnapshotAsync())!.State);
        Assert.True((await job.CancelAsync()).IsAccepted);
        var over = await Eventually.GetAsync(job.GetSnapshotAsync, now => now is { IsOver: true });
        Assert.Equal((JobState.Stopped, 2, 1), (over!.State, over.Count(JobStepState.Done), over.Count(JobStepState.Cancelled)));
    }

    [Fact]
    public async Task Stop_PlayersStay_TheRestIsCalledOffAfterTheWait_AndCanBeTriedAgain()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var played = await RunAsync(cluster, "played", players: 1);

        var made = await cluster.Fleet.CreateJobAsync(Stop(s_pace with { MaxWaitForPlayers = TimeSpan.FromSeconds(3) }));
        var job = cluster.Fleet.GetJob(made.Job!.Value);
        var over = await Eventually.GetAsync(job.GetSnapshotAsync, now => now is { IsOver: true });

        Assert.Equal((JobState.Stopped, 1, "The job has waited for players as long as it may, 3 seconds: the rest was never seen without."), (over!.State, over.Count(JobStepState.Cancelled), over.StopReason));
        Assert.Equal(PowerState.Running, (await played.GetSnapshotAsync())!.State);
        SetPlayers(cluster, played, 0);
        var again = await job.RetryAsync();
        await Eventually.GetAsync(cluster.Fleet.GetJob(again.Job!.Value).GetSnapshotAsync, now => now is { IsOver: true } && now.Count(JobStepState.Done) == 1);
    }

    private static JobRequest Stop(JobPace pace) => new() { Action = PowerAction.Stop, Selection = new ServerSelection { IsEveryServer = true }, Pace = pace };

    private static async Task<IServer> RunAsync(WingsCluster cluster, string name, int? players)
    {
        var server = await cluster.RunServerAsync(Specs.Game(name));
        SetPlayers(cluster, server, players);
        return server;
    }

    private static void SetPlayers(WingsCluster cluster, IServer server, int? players) => cluster.FakeEngine("h1").Find(server.Id.ToString())!.Connections = players;
}

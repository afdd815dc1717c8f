using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The peer's fault 1, and two people at one server.</summary>
public sealed class PowerRaceTests : HostProgramTests
{
    private const int Rounds = 1_000;

    [Fact]
    public async Task StopRightAfterRunning_AndStartRightAfterOffline_AreNeverLost()
    {
        var worker = await _program.AddAsync();
        var done = new TaskCompletionSource();
        var answers = new List<Task<ServerResult>>();
        worker.Changed += snapshot =>
        {
            if (snapshot.State == PowerState.Running)
                answers.Add(worker.RequestAsync(PowerAction.Stop));
            else if (snapshot.State == PowerState.Offline && snapshot.Run < Rounds)
                answers.Add(worker.RequestAsync(PowerAction.Start));
            else if (snapshot.State == PowerState.Offline)
                done.TrySetResult();
        };

        await worker.RequestAsync(PowerAction.Start);

        await done.Task.WaitAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
        Assert.All(await Task.WhenAll(answers), answer => Assert.True(answer.IsAccepted, answer.Message));
        Assert.Equal((Rounds, PowerState.Offline), (worker.State.Run, worker.State.Power));
        Assert.Null(worker.State.Problem);
        Assert.Equal(Rounds, _engine.Calls.Count(call => call.StartsWith("start ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ManyPeople_PressingButtonsAtOnce_GetTrueAnswersInOneOrder()
    {
        var worker = await _program.AddAsync();
        for (var round = 0; round < 40; round++)
        {
            var runs = worker.State.Run;
            var random = new Random(round);
            var presses = Enumerable.Range(0, 30).Select(_ => (PowerAction)random.Next(4)).Select(action => Task.Run(async () => (action, await worker.RequestAsync(action)))).ToArray();
            var answers = await Task.WhenAll(presses);
            await HostProgram.UntilAsync(() => IsAtRest(worker.State), "rest");

            Assert.All(answers.Where(answer => answer.action == PowerAction.Kill), answer => Assert.True(answer.Item2.IsAccepted));
            Assert.All(answers, answer => Assert.NotEqual(ServerRefusal.OutcomeUnknown, answer.Item2.Refusal));
            var begun = answers.Count(answer => answer is { action: PowerAction.Start or PowerAction.Restart, Item2.Message: "The server is starting." });
            Assert.True(worker.State.Run - runs >= begun, "Each accepted start is a run of its own.");
            Assert.Equal(worker.State.Power == PowerState.Running, _engine.Find(ServerSamples.Id.ToString()) is { IsRunning: true });
            Assert.Equal(worker.State.Power == PowerState.Running, worker.State.IsWanted);
        }

        Assert.Single(_engine.Containers);

        // A crash is none here: nothing ends by itself.
        Assert.Null(worker.State.Problem);
    }

    private static bool IsAtRest(OrleansWings.Silo.Servers.ServerState state)
        => state.Power is PowerState.Offline or PowerState.Running;
}

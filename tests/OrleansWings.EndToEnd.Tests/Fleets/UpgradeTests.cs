using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>
/// A fleet goes from an earlier build of the program to the newest and back, one process at a time: hosts first and control
/// after them, and the other way round on the way back. Panel code works on it meanwhile, and the games say something all the time.
/// </summary>
[Trait("Needs", "EarlierProgram")]
public sealed class UpgradeTests
{
    private static readonly string[] s_upwards = ["h1", "h2", "c1", "c2"];

    [Fact]
    public async Task One_process_at_a_time_the_fleet_is_upgraded_and_taken_back_and_every_console_goes_on()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 2, controls: 2, EarlierProgram.Path);
        await using var first = await TickingServer.StartAsync(fleet, "h1");
        await using var second = await TickingServer.StartAsync(fleet, "h2");
        TickingServer[] servers = [first, second];
        // A question that the earlier one does not know has an answer too.
        Assert.Null(await fleet.Fleet.GetServer(first.Id).CountPlayersAsync());
        await using (var load = new PanelLoad(fleet, servers))
        {
            foreach (var name in s_upwards)
                await ExchangeAsync(fleet, name, program: null, servers, load);
            await load.EndAsync();
        }

        // What the earlier one did not know works on the servers that it made.
        await RestartByJobAsync(fleet, first);
        await using (var load = new PanelLoad(fleet, servers))
        {
            foreach (var name in s_upwards.Reverse())
                await ExchangeAsync(fleet, name, EarlierProgram.Path, servers, load);
            await load.EndAsync();
        }

        Assert.Equal([first.Id, second.Id], (await fleet.Fleet.ListServersAsync()).Select(listed => listed.Id), EqualityComparer<ServerId>.Default);
        foreach (var server in servers)
            await server.CheckAsync();
        var late = await fleet.RunServerAsync("h2", "made by the earlier one, after all");
        Assert.True((await late.StopAsync()).IsAccepted);
        await FleetRun.WaitForAsync(late, PowerState.Offline);
    }

    // Ends one process, starts it as the other build, and looks: nothing of the games, and nothing that panel code was told, may be lost.
    private static async Task ExchangeAsync(FleetRun fleet, string name, string? program, TickingServer[] servers, PanelLoad load)
    {
        var member = fleet[name];
        Assert.Equal(0, await member.InterruptAsync());
        member.Program = program;
        await member.LaunchAsync();
        await member.WaitUntilReadyAsync();
        foreach (var server in servers)
            await server.GoesOnAsync();
        await load.GoesOnAsync();
    }

    private static async Task RestartByJobAsync(FleetRun fleet, TickingServer server)
    {
        var id = JobId.New();
        var request = new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { Servers = [server.Id] }, By = "a test" };
        await Eventually.GetAsync(() => fleet.Fleet.CreateJobAsync(request, id), result => result.IsAccepted);
        await Eventually.GetAsync(fleet.Fleet.GetJob(id).GetSnapshotAsync, job => job is { IsOver: true } && job.Count(JobStepState.Done) == 1);
        await server.BeginAgainAsync();
    }
}

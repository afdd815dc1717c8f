using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>Redis goes away: hosts do their work without it, callers are told, and afterwards all sides agree.</summary>
public sealed class StoreLossTests : IAsyncLifetime
{
    private FleetRun _fleet = null!;

    private static DockerCommand Docker => new(RealEngine.Require());

    public async ValueTask InitializeAsync() => _fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Gone_between_power_actions_it_loses_none()
    {
        var server = await _fleet.RunServerAsync("h1", "steady");
        await _fleet.Redis.KillAsync();

        // What the host keeps by itself goes on; what has to be stored is refused by name.
        Assert.True((await server.StopAsync()).IsAccepted);
        await FleetRun.WaitForAsync(server, PowerState.Offline);
        Assert.True((await server.StartAsync()).IsAccepted);
        await FleetRun.WaitForAsync(server, PowerState.Running);
        Assert.Equal(ServerRefusal.NotStored, (await _fleet.Fleet.CreateServerAsync(FleetRun.Game("unheard", "h1"))).Refusal);

        await _fleet.Redis.StartAgainAsync();
        var created = await Eventually.GetAsync(() => _fleet.Fleet.CreateServerAsync(FleetRun.Game("heard", "h1")), result => result.IsAccepted);
        Assert.Equal(2, (await server.GetSnapshotAsync())!.Run);
        await Eventually.GetAsync(_fleet.Fleet.ListServersAsync, servers => servers.Select(each => each.Id).Order().SequenceEqual(((ServerId[])[server.Id, created.Server!.Value]).Order()));
        Assert.Equal(0, _fleet["h1"].Restarts + _fleet["c1"].Restarts);
    }

    [Fact]
    public async Task After_a_power_cut_a_host_that_finds_nobody_starts_its_servers_and_all_agree_later()
    {
        var wanted = await _fleet.RunServerAsync("h1", "wanted");
        var stopped = await _fleet.RunServerAsync("h1", "stopped");
        await stopped.StopAsync();
        await FleetRun.WaitForAsync(stopped, PowerState.Offline);
        foreach (var member in (string[])["h1", "c1"])
            await _fleet[member].KillAsync();
        await _fleet.Redis.KillAsync();
        await Docker.RunAsync("kill", "--signal", "KILL", wanted.Id.ToString());

        await _fleet["h1"].LaunchAsync();
        await Eventually.GetAsync(() => Docker.StatusAsync(wanted.Id.ToString()), status => status == "running");
        Assert.Equal("exited", await Docker.StatusAsync(stopped.Id.ToString()));

        await _fleet.Redis.StartAgainAsync();
        await _fleet["c1"].LaunchAsync();
        await _fleet["c1"].WaitUntilReadyAsync();
        Assert.Equal(2, (await FleetRun.WaitForAsync(wanted, PowerState.Running)).Run);
        await FleetRun.WaitForAsync(stopped, PowerState.Offline);
        Assert.Equal(0, _fleet["h1"].Restarts + _fleet["c1"].Restarts);
    }
}

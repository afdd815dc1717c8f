using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>Somebody empties Redis: no container is stopped, what runs is shown as unclaimed, and is adopted.</summary>
public sealed class EmptiedStoreTests
{
    [Fact]
    public async Task Emptied_while_servers_run_nothing_is_stopped_and_all_can_be_adopted()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var server = await fleet.RunServerAsync("h1", "orphan");
        var docker = new DockerCommand(RealEngine.Require());
        var container = await docker.IdAsync(server.Id.ToString());

        await fleet.Redis.EmptyAsync();
        // What a process holds in memory it still knows; one that starts finds nothing. Those that go on may find that the
        // membership has no entry of them either: then they end, and are started again by who supervises them.
        await fleet["c1"].KillAsync();
        await fleet["c1"].LaunchAsync();
        var listed = await Eventually.GetAsync(async () =>
        {
            try
            {
                return await fleet.Fleet.ListServersAsync();
            }
            catch (Exception e) when (e is StoreUnreachableException or OrleansException or TimeoutException)
            {
                return [];
            }
        }, servers => servers is [{ IsUnclaimed: true }]);
        Assert.Equal(server.Id, listed[0].Id);
        Assert.Equal(container, await docker.IdAsync(server.Id.ToString()));
        Assert.Equal("running", await docker.StatusAsync(server.Id.ToString()));

        await Eventually.GetAsync(() => server.AdoptAsync(new HostId("h1")), result => result.IsAccepted);

        await Eventually.GetAsync(fleet.Fleet.ListServersAsync, servers => servers is [{ IsUnclaimed: false }]);
        Assert.True((await server.StopAsync()).IsAccepted);
        await FleetRun.WaitForAsync(server, PowerState.Offline);
        Assert.Equal("exited", await docker.StatusAsync(server.Id.ToString()));
    }
}

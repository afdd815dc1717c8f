using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>Two fleets have hosts on one engine: neither touches what is the other's, even under the same server's id.</summary>
public sealed class SharedEngineTests
{
    [Fact]
    public async Task Two_fleets_on_one_engine_leave_each_other_alone()
    {
        await using var first = await FleetRun.StartAsync(hosts: 1, controls: 1);
        await using var second = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var docker = new DockerCommand(RealEngine.Require());
        var theirs = await first.RunServerAsync("h1", "theirs");
        var ours = await second.RunServerAsync("h1", "ours");
        var container = await docker.IdAsync(theirs.Id.ToString());
        Assert.Equal(["ours"], (await second.Fleet.ListServersAsync()).Select(server => server.Name));

        // The same id in both: the name is taken, which is said, and everything that can be asked of it hits our own, which is nothing.
        var twin = second.Fleet.GetServer(theirs.Id);
        Assert.True((await second.Fleet.CreateServerAsync(FleetRun.Game("twin", "h1"), theirs.Id)).IsAccepted);
        await Eventually.GetAsync(twin.StartAsync, started => started.IsAccepted);
        var failed = await Eventually.GetAsync(twin.GetSnapshotAsync, snapshot => snapshot is { State: PowerState.Offline, Problem: not null });
        Assert.Contains("container", failed!.Problem!.Message, StringComparison.Ordinal);
        Assert.True((await twin.KillAsync()).IsAccepted);
        Assert.True((await twin.DeleteAsync()).IsAccepted);
        Assert.True((await ours.KillAsync()).IsAccepted);
        await FleetRun.WaitForAsync(ours, PowerState.Offline);
        Assert.True((await ours.DeleteAsync()).IsAccepted);
        await Eventually.GetAsync(() => docker.IdAsync(ours.Id.ToString()), id => id is null);
        await Eventually.GetAsync(second.Fleet.ListServersAsync, servers => servers.IsEmpty);
        await second["h1"].KillAsync();
        await second["h1"].LaunchAsync();
        await second["h1"].WaitUntilReadyAsync();

        Assert.Equal((container, "running"), (await docker.IdAsync(theirs.Id.ToString()), await docker.StatusAsync(theirs.Id.ToString())));
        Assert.Equal(1, (await FleetRun.WaitForAsync(theirs, PowerState.Running)).Run);
        Assert.True((await theirs.SendCommandAsync("hello")).IsAccepted);
        TestContext.Current.TestOutputHelper?.WriteLine(failed.Problem.Message);
    }
}

using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>The network is broken in part: some reach some. Nobody's server stops or runs twice, calls land right or are refused in words, and all heals by itself.</summary>
public sealed class PartitionTests(SpreadFleet fleet, Browser browser) : SpreadFleetTest(fleet, browser)
{
    private static readonly TimeSpan s_while = TimeSpan.FromSeconds(15);
    private static readonly string[] s_everybody = ["c1", "c2", "h1", "h2", "h3"];

    [Fact]
    public async Task A_host_that_reaches_Redis_but_no_silo_is_given_up_and_comes_back()
    {
        var host = Fleet["h2"];
        var broken = await Fleet.RunServerAsync("h2", "half cut");
        var other = await Fleet.RunServerAsync("h1", "whole");
        var container = await host.Docker.InspectAsync(broken.Id.ToString(), "{{.Id}} {{.State.Pid}}");
        var hosts = await OpenAsync(Fleet["c1"], "/hosts");
        var silos = MachinesWithout("h2");
        var restarts = Restarts("c1", "c2", "h1", "h3");

        await host.Network.DropAsync(SpreadFleet.SiloPort, silos);
        await using var callers = new CallTally(4, broken.StartAsync);
        await using var others = new CallTally(2, other.StartAsync);
        await TimeAsync("shown as lost", () => WaitForHostAsync(hosts, "h2", "Lost"));
        await Task.Delay(s_while);
        await callers.StopAsync();
        await others.StopAsync();
        await host.Network.PassAsync(SpreadFleet.SiloPort, silos);
        await TimeAsync("service back", () => WaitForServiceAsync(broken));
        await WaitForHostAsync(hosts, "h2", "Ready");

        Tell($"callers of its server: {callers}; of another: {others}; started again: {Restarts(s_everybody)}");
        Assert.Equal(container, await host.Docker.InspectAsync(broken.Id.ToString(), "{{.Id}} {{.State.Pid}}"));
        await AssertRunsOnceAsync(broken, host);
        AssertAnswers(callers, ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown);
        AssertAnswers(others, ServerRefusal.AlreadyRunning);
        Assert.Equal(restarts, Restarts("c1", "c2", "h1", "h3"));
    }

    [Fact]
    public async Task A_host_that_reaches_the_silos_but_not_Redis_goes_on_and_is_called()
    {
        var host = Fleet["h2"];
        var server = await Fleet.RunServerAsync("h2", "no store");
        var store = Fleet["c1"].Network;
        var restarts = Restarts(s_everybody);

        await host.Network.DropAsync(RedisPlace.Port, store);
        await using var callers = new CallTally(4, server.StartAsync);
        await Task.Delay(s_while);
        var status = (await Fleet.Fleet.ListHostsAsync()).Single(each => each.Id.Value == "h2").Status;
        await callers.StopAsync();
        Tell($"while it did not reach Redis: {callers}; {status}");
        Assert.True((await server.StopAsync()).IsAccepted);
        await FleetRun.WaitForAsync(server, PowerState.Offline);
        Assert.True((await server.StartAsync()).IsAccepted);
        await FleetRun.WaitForAsync(server, PowerState.Running);
        await host.Network.PassAsync(RedisPlace.Port, store);
        await WaitUntilWholeAsync();

        Assert.Equal(HostStatus.Ready, status);
        AssertAnswers(callers, ServerRefusal.AlreadyRunning);
        await AssertRunsOnceAsync(server, host);
        Assert.Equal(restarts, Restarts(s_everybody));
    }

    [Fact]
    public async Task Control_silos_that_do_not_reach_each_other_keep_the_fleet_at_work()
    {
        var server = await Fleet.RunServerAsync("h1", "two heads");
        var restarts = Restarts(s_everybody);

        await Fleet["c1"].Network.DropAsync(SpreadFleet.SiloPort, Fleet["c2"].Network);
        await using var callers = new CallTally(4, server.StartAsync);
        await using var creators = new CallTally(1, () => Fleet.Fleet.CreateServerAsync(FleetRun.Game("made meanwhile", "h3")));
        await Task.Delay(s_while);
        await callers.StopAsync();
        await creators.StopAsync();
        Tell($"callers: {callers}; creators: {creators}");
        await Fleet["c1"].Network.PassAsync(SpreadFleet.SiloPort, Fleet["c2"].Network);
        await TimeAsync("whole again", () => WaitForServiceAsync(server));
        await WaitUntilWholeAsync();

        Tell($"started again: {Restarts(s_everybody)}");
        AssertAnswers(callers, ServerRefusal.AlreadyRunning, ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown);
        AssertAnswers(creators, ServerRefusal.None, ServerRefusal.OutcomeUnknown, ServerRefusal.HostUnreachable, ServerRefusal.NotStored, ServerRefusal.NoHost);
        await AssertRunsOnceAsync(server, Fleet["h1"]);
        // Both pages work, and show the same.
        foreach (var control in (string[])["c1", "c2"])
        {
            var tab = await OpenAsync(Fleet[control], $"/servers/{server.Id}");
            await new ServerPage(tab).WaitForStateAsync("Running");
        }

        Assert.Equal(restarts, Restarts(s_everybody));
    }

    [Fact]
    public async Task A_control_silo_without_Redis_refuses_in_words_and_heals()
    {
        var server = await Fleet.RunServerAsync("h1", "no memory");
        var restarts = Restarts(s_everybody);

        await Fleet["c2"].Network.DropAsync(RedisPlace.Port, Fleet["c1"].Network);
        await using var callers = new CallTally(4, server.StartAsync);
        await using var creators = new CallTally(1, () => Fleet.Fleet.CreateServerAsync(FleetRun.Game("made meanwhile", "h3")));
        await Task.Delay(s_while);
        await callers.StopAsync();
        await creators.StopAsync();
        Tell($"callers: {callers}; creators: {creators}");
        await Fleet["c2"].Network.PassAsync(RedisPlace.Port, Fleet["c1"].Network);
        await WaitUntilWholeAsync();
        var created = await Eventually.GetAsync(() => Fleet.Fleet.CreateServerAsync(FleetRun.Game("made later", "h3")), result => result.IsAccepted);

        Assert.NotNull(created.Server);
        AssertAnswers(callers, ServerRefusal.AlreadyRunning);
        AssertAnswers(creators, ServerRefusal.None, ServerRefusal.NotStored, ServerRefusal.OutcomeUnknown);
        await AssertRunsOnceAsync(server, Fleet["h1"]);
        Assert.Equal(restarts, Restarts(s_everybody));
    }

    private Machine[] MachinesWithout(string name) => [.. s_everybody.Where(each => each != name).Select(each => Fleet[each].Network)];

    private static Task WaitForServiceAsync(IServer server)
        => Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true });

    private static void AssertAnswers(CallTally calls, params ServerRefusal[] allowed)
    {
        Assert.NotEmpty(calls.Calls);
        Assert.All(calls.Calls, call => Assert.Contains(call.Answer, allowed));
    }
}

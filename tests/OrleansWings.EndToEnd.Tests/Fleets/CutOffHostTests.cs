using OrleansWings.EndToEnd.Tests.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A host's cable is pulled and put back.</summary>
public sealed class CutOffHostTests(SpreadFleet fleet, Browser browser) : SpreadFleetTest(fleet, browser)
{
    [Fact]
    public async Task Cut_off_in_a_flood_it_is_said_and_holds_up_nobody_and_comes_back_without_a_hole()
    {
        var host = Fleet["h3"];
        var cut = await Fleet.RunServerAsync("h3", "cut");
        var other = await Fleet.RunServerAsync("h1", "other");
        var container = await host.Docker.InspectAsync(cut.Id.ToString(), "{{.Id}} {{.State.Pid}}");
        var viewer = await OpenAsync(Fleet["c1"], $"/servers/{cut.Id}");
        await new ServerPage(viewer).WaitForLineAsync("For help, type");
        await BeginFloodAsync(cut);
        var hosts = await OpenAsync(Fleet["c2"], "/hosts");
        await Eventually.TrueAsync(() => FloodCheck.LastIn(viewer.Terminal.Text) > 5_000);

        var restarts = host.Member.Restarts;

        await host.Network.CutAsync();
        await using var callers = new CallTally(20, cut.StartAsync);
        await using var others = new CallTally(2, other.StartAsync);
        await TimeAsync("shown as silent", () => WaitForHostAsync(hosts, "h3", "Silent"));
        await TimeAsync("and then as lost", () => WaitForHostAsync(hosts, "h3", "Lost"));
        await TimeAsync("a new viewer of another server", async () => await new ServerPage(await OpenAsync(Fleet["c1"], $"/servers/{other.Id}")).WaitForLineAsync("For help, type"));
        // It has been given up, and is started anew before its cable is back.
        await TimeAsync("and then the host knew it itself", () => Eventually.TrueAsync(() => host.Member.Restarts > restarts));
        await callers.StopAsync();
        await others.StopAsync();
        Tell($"callers of its server: {callers}");
        Tell($"callers of another server: {others}");
        Assert.Equal(container, await host.Docker.InspectAsync(cut.Id.ToString(), "{{.Id}} {{.State.Pid}}"));

        await host.Network.JoinAsync();
        await TimeAsync("service back after the cable was put back", () => Eventually.GetAsync(cut.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true }));
        await TimeAsync("ready on the page", () => WaitForHostAsync(hosts, "h3", "Ready"));
        Assert.Equal(restarts + 1, host.Member.Restarts);
        await EndFloodAsync(host, cut, viewer);
        await AssertRunsOnceAsync(cut, host);
        Assert.Equal(container, await host.Docker.InspectAsync(cut.Id.ToString(), "{{.Id}} {{.State.Pid}}"));

        Assert.All(callers.Calls, call => Assert.Contains(call.Answer, (ServerRefusal[])[ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown]));
        Assert.InRange(callers.Longest, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.All(others.Calls, call => Assert.Equal(ServerRefusal.AlreadyRunning, call.Answer));
    }
}

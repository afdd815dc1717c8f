using OrleansWings.EndToEnd.Tests.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A control machine's cable is pulled and put back: half of what the fleet keeps in memory was there.</summary>
public sealed class CutOffControlTests(SpreadFleet fleet, Browser browser) : SpreadFleetTest(fleet, browser)
{
    private static readonly string[] s_others = ["c1", "h1", "h2", "h3"];

    [Fact]
    public async Task Cut_off_from_everybody_the_other_control_goes_on_without_a_hole_and_it_comes_back()
    {
        var control = Fleet["c2"];
        var hosts = await OpenAsync(Fleet["c1"], "/hosts");
        var games = new Dictionary<string, (IServer Server, Tab Viewer)>();
        foreach (var host in Fleet.Hosts)
        {
            var server = await Fleet.RunServerAsync(host.Name, $"watched on {host.Name}");
            var viewer = await OpenAsync(Fleet["c1"], $"/servers/{server.Id}");
            await new ServerPage(viewer).WaitForLineAsync("For help, type");
            await BeginFloodAsync(server);
            games[host.Name] = (server, viewer);
        }

        foreach (var (_, viewer) in games.Values)
            await WaitUntilBeyondAsync(viewer, 2_000);
        var (restarts, own) = (Restarts(s_others), control.Member.Restarts);

        await control.Network.CutAsync();
        await using var callers = new CallTally(4, games["h1"].Server.StartAsync);
        await TimeAsync("given up by the others", () => Eventually.GetAsync(
            Fleet.ReadMembersAsync, members => members.Where(member => member.Name == "control:c2").All(member => member.IsDead)));
        var made = await Fleet.RunServerAsync("h2", "made meanwhile");
        await TimeAsync("a new viewer", async () => await new ServerPage(await OpenAsync(Fleet["c1"], $"/servers/{made.Id}")).WaitForLineAsync("For help, type"));
        foreach (var (name, (_, viewer)) in games)
        {
            await TimeAsync($"{name} on the page", () => WaitForHostAsync(hosts, name, "Ready"));
            await TimeAsync($"{name}'s console goes on", () => WaitUntilBeyondAsync(viewer, FloodCheck.LastIn(viewer.Terminal.Text) + 2_000));
        }

        // It has been given up, and is started anew before its cable is back.
        await TimeAsync("and then it knew it itself", () => Eventually.TrueAsync(() => control.Member.Restarts > own));
        await callers.StopAsync();
        Tell($"callers: {callers}");

        await control.Network.JoinAsync();
        await TimeAsync("ready after the cable was put back", control.Member.WaitUntilReadyAsync);
        Assert.Equal(own + 1, control.Member.Restarts);
        await new ServerPage(await OpenAsync(control, $"/servers/{made.Id}")).WaitForStateAsync("Running");

        foreach (var host in Fleet.Hosts)
        {
            var (server, viewer) = games[host.Name];
            await EndFloodAsync(host, server, viewer);
            await AssertRunsOnceAsync(server, host);
        }

        Assert.Equal(restarts, Restarts(s_others));
        Assert.NotEmpty(callers.Calls);
        Assert.All(callers.Calls, call => Assert.Contains(
            call.Answer, (ServerRefusal[])[ServerRefusal.AlreadyRunning, ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown]));
        Assert.InRange(callers.Longest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await WaitUntilWholeAsync();
    }

    private static Task WaitUntilBeyondAsync(Tab viewer, int line) => Eventually.TrueAsync(() => FloodCheck.LastIn(viewer.Terminal.Text) > line);
}

using System.Text.RegularExpressions;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>One host after another is lost in another way and comes back, while each one's console floods and somebody watches it.</summary>
public sealed class LossStoryTests(SpreadFleet fleet, Browser browser) : SpreadFleetTest(fleet, browser)
{
    [Fact]
    public async Task Killed_hung_and_cut_off_one_after_another_no_page_lies_and_no_console_has_a_hole()
    {
        var games = new Dictionary<string, (IServer Server, Tab Viewer, string? Container)>();
        var hosts = await OpenAsync(Fleet["c1"], "/hosts");
        foreach (var (host, i) in Fleet.Hosts.Select((host, i) => (host, i)))
        {
            var server = await Fleet.RunServerAsync(host.Name, $"story {host.Name}");
            var viewer = await OpenAsync(Fleet[i % 2 == 0 ? "c1" : "c2"], $"/servers/{server.Id}");
            await new ServerPage(viewer).WaitForLineAsync("For help, type");
            await BeginFloodAsync(server);
            games[host.Name] = (server, viewer, await host.Docker.InspectAsync(server.Id.ToString(), "{{.Id}} {{.State.Pid}}"));
        }

        await LoseAsync("h1", "killed", host => host.Member.KillAsync(), host => host.Member.LaunchAsync());
        await LoseAsync("h2", "hung", host => host.Member.FreezeAsync(), host => host.Member.ThawAsync());
        await LoseAsync("h3", "cut off", host => host.Network.CutAsync(), host => host.Network.JoinAsync());

        foreach (var host in Fleet.Hosts)
        {
            var (server, viewer, container) = games[host.Name];
            await EndFloodAsync(host, server, viewer);
            Assert.Equal(container, await host.Docker.InspectAsync(server.Id.ToString(), "{{.Id}} {{.State.Pid}}"));
            await AssertRunsOnceAsync(server, host);
            Assert.Equal(1, (await server.GetSnapshotAsync())!.Run);
        }

        async Task LoseAsync(string name, string how, Func<FleetMachine, Task> lose, Func<FleetMachine, Task> bringBack)
        {
            var (server, viewer, _) = games[name];
            var lostAt = TimeProvider.System.GetUtcNow();
            await lose(Fleet[name]);
            await TimeAsync($"{name} {how}: shown as silent or lost", () => Assertions.Expect(StateOf(hosts, name)).ToHaveTextAsync(new Regex("Silent|Lost")));
            await TimeAsync($"{name} {how}: then as lost", () => WaitForHostAsync(hosts, name, "Lost"));
            // The others are as they were, and its server's state is not said as a fact.
            foreach (var other in Fleet.Hosts.Where(other => other.Name != name))
                await WaitForHostAsync(hosts, other.Name, "Ready");
            await Assertions.Expect(viewer.Page.Locator(".server-name .state.is-unknown")).ToBeVisibleAsync();
            var seen = (await Fleet.Fleet.ListHostsAsync()).Single(host => host.Id.Value == name);
            Assert.Equal(HostStatus.Lost, seen.Status);
            Assert.InRange(seen.StatusSince, lostAt, TimeProvider.System.GetUtcNow());

            await bringBack(Fleet[name]);
            await TimeAsync($"{name} {how}: service back", () => Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true }));
            await TimeAsync($"{name} {how}: then ready on the page", () => WaitForHostAsync(hosts, name, "Ready"));
            await new ServerPage(viewer).WaitForStateAsync("Running");
            await WaitUntilWholeAsync();
        }
    }

    private static ILocator StateOf(Tab hosts, string host) => hosts.Page.Locator($"section[aria-label='Host {host}'] .state");
}

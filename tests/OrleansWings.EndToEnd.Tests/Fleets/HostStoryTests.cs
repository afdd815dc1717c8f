using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>An operator adds a host by the command on the page, loses another, removes it; and then it comes back.</summary>
public sealed class HostStoryTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_host_joins_by_the_pages_command_and_a_lost_one_is_removed_and_comes_back_as_new()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var server = await fleet.RunServerAsync("h1", "lobby");
        await using var tab = await browser.OpenAsync(fleet["c1"].Address, new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
        await tab.Page.GotoAsync("/hosts");
        await new SignInPage(tab).SignInAsync("admin", WingsProgram.Password);
        await tab.WaitUntilInteractiveAsync();

        // A host joins with what the page says; only its files are where the test keeps them.
        var told = await ReadJoinCommandAsync(tab, "h9");
        Assert.Equal(["WINGS_ROLE=host", "WINGS_HOST=h9", $"WINGS_REDIS={fleet.Redis.Url}", "WINGS_CERTIFICATES=/etc/orleans-wings/certificates"], told[..4]);
        Assert.DoesNotContain(RedisServer.Password, await tab.Page.ContentAsync(), StringComparison.Ordinal);
        var joining = await fleet.AddAsync("host", "h9", ("WINGS_PUBLIC_ADDRESS", "games.example"));
        Assert.All(told[..3], setting => Assert.Contains(joining.Settings, one => $"{one.Key}={one.Value}" == setting));
        await joining.LaunchAsync();
        await Assertions.Expect(Host(tab, "h9")).ToContainTextAsync("games.example");

        // The other one is lost. While the cluster still has it, it is not removed.
        await tab.GoAsync("/hosts/h1");
        var removal = tab.Page.GetByLabel("Removal", new PageGetByLabelOptions { Exact = true });
        await Assertions.Expect(removal).ToContainTextAsync("This host is in the fleet.");
        await fleet["h1"].KillAsync();
        await Assertions.Expect(removal).ToContainTextAsync("Its server's record goes with it.");
        await Assertions.Expect(tab.Page.GetByText("This host is lost")).ToBeVisibleAsync();
        await removal.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(removal).ToContainTextAsync("'' is not the name of this host.");
        await removal.GetByRole(AriaRole.Textbox).FillAsync("h1");
        await removal.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(tab.Notice("Host h1 is removed. So is the record of its server lobby.")).ToBeVisibleAsync();
        await Assertions.Expect(Host(tab, "h1")).ToHaveCountAsync(0);
        await Assertions.Expect(Host(tab, "h9")).ToHaveCountAsync(1);
        Assert.Equal("running", await new DockerCommand(RealEngine.Require()).StatusAsync(server.Id.ToString()));

        // It comes back: told in words, nothing of it touched, and all is adopted.
        await fleet["h1"].LaunchAsync();
        await tab.GoAsync("/hosts/h1");
        await Assertions.Expect(tab.Page.GetByText("One server here has no record in the fleet.")).ToBeVisibleAsync();
        Assert.Contains("This host was removed from the fleet at", fleet["h1"].Output, StringComparison.Ordinal);
        Assert.Contains("Servers of this host without a record in the fleet: 1.", fleet["h1"].Output, StringComparison.Ordinal);
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Adopt all" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByText("One server here has no record in the fleet.")).ToHaveCountAsync(0);
        var snapshot = await FleetRun.WaitForAsync(server, PowerState.Running);
        Assert.Equal(1, snapshot.Run);
        await Eventually.GetAsync(server.StopAsync, stopped => stopped.IsAccepted);
        Assert.Empty(tab.Faults);
    }

    // What the button copied, without the line breaks of a shell.
    private static async Task<string[]> ReadJoinCommandAsync(Tab tab, string name)
    {
        await tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Add a host" }).ClickAsync();
        foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await tab.AssertAccessibleAsync("hosts with the command");
        }

        var window = tab.Page.ViewportSize!;
        await tab.Page.SetViewportSizeAsync(390, 844);
        await tab.AssertFitsAsync("hosts with the command");
        await tab.Page.SetViewportSizeAsync(window.Width, window.Height);
        var field = tab.Page.GetByLabel("Name of the new host");
        await field.FillAsync("h1");
        await field.BlurAsync();
        await Assertions.Expect(tab.Page.GetByText("A host named h1 is in this fleet.")).ToBeVisibleAsync();
        await field.FillAsync(name);
        await field.BlurAsync();
        await Assertions.Expect(tab.Page.GetByText($"orleans-wings certificates host {name} --ca ca --out {name}")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Copy: Start the host").ClickAsync();
        await Assertions.Expect(tab.Page.GetByLabel("Copy: Start the host")).ToHaveTextAsync("Copied");
        var copied = await tab.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        return copied.Split(" \\\n");
    }

    private static ILocator Host(Tab tab, string name) => tab.Page.GetByLabel($"Host {name}", new PageGetByLabelOptions { Exact = true });
}

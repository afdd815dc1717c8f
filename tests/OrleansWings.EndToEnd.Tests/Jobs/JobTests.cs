namespace OrleansWings.EndToEnd.Tests.Jobs;

/// <summary>Many servers at once, on the real engine and in the browser.</summary>
public sealed class JobTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task The_whole_fleet_is_restarted_and_a_job_is_picked_up_where_a_killed_program_left_it()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var first = await StartAsync(tab, "Alpha");
        var second = await StartAsync(tab, "Beta");
        await CreatePage.CreateAsync(tab, new GameSettings { Name = "Never started" });

        await tab.GoAsync("/jobs");
        await tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "No jobs yet" }).WaitForAsync();
        await tab.GoAsync("/jobs/new?action=Restart&all=true");
        await Assertions.Expect(tab.Page.Locator(".job-preview")).ToHaveTextAsync("3 servers: Alpha, Beta, Never started.");
        await new CreatePage(tab).SetAsync("At once", "1");
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Restart 3 servers" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Restart", Exact = true }).ClickAsync();
        await tab.WaitForAddressAsync("/jobs/[0-9a-f-]{36}");
        await Assertions.Expect(Row(tab, "Alpha")).ToContainTextAsync("Under way");
        using (tab.Outage())
        {
            await program.KillAsync();
            await program.StartAsync();
            await tab.Page.ReloadAsync();
            await tab.WaitUntilInteractiveAsync();
        }

        await Assertions.Expect(tab.Page.Locator(".page-head .state")).ToHaveTextAsync("Done");
        await Assertions.Expect(Row(tab, "Alpha")).ToContainTextAsync("It is running.");
        await Assertions.Expect(Row(tab, "Beta")).ToContainTextAsync("It is running.");
        await Assertions.Expect(Row(tab, "Never started")).ToContainTextAsync("It was offline");
        // Each once: the label of the run is the container's.
        Assert.Equal("2", await RunOfAsync(first));
        Assert.Equal("2", await RunOfAsync(second));
        await tab.AssertAccessibleAsync("job");
    }

    [Fact]
    public async Task A_host_is_drained_and_that_is_undone()
    {
        var tab = await OpenAsync(await StartProgramAsync());
        var id = await StartAsync(tab, "Runs");
        var off = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Is off" });
        var offId = off.Id;

        await tab.GoAsync("/hosts/here");
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Drain: stop its server" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Drain", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Drain here" })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".page-head .state")).ToHaveTextAsync("Done");
        Assert.Equal("exited", await Docker.StatusAsync(id));
        await Assertions.Expect(Row(tab, "Is off")).ToContainTextAsync("Nothing to do");

        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "End maintenance, start 1 again" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Start what was stopped on here" })).ToBeVisibleAsync();
        await Assertions.Expect(Row(tab, "Runs")).ToContainTextAsync("It is running.");
        Assert.Equal("running", await Docker.StatusAsync(id));
        Assert.Null(await Docker.StatusAsync(offId));
        await tab.GoAsync("/hosts/here");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Begin maintenance" })).ToBeVisibleAsync();
        await tab.GoAsync("/jobs");
        await Assertions.Expect(tab.Page.Locator("table.jobs tbody tr")).ToHaveCountAsync(2);
    }

    private static ILocator Row(Tab tab, string name) => tab.Page.Locator("table.jobs tbody tr")
        .Filter(new LocatorFilterOptions { Has = tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true }) });

    private static async Task<string> StartAsync(Tab tab, string name)
    {
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = name });
        await page.StartAsync();
        return page.Id;
    }

    private Task<string?> RunOfAsync(string id) => Docker.InspectAsync(id, """{{index .Config.Labels "orleanswings.run"}}""");
}

namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>Limits and labels are typed in the browser, and the engine has them; limits also while the server runs.</summary>
public sealed class LimitTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    [Fact]
    public async Task Labels_and_the_OOM_kill_switch_are_the_containers_and_come_again_with_each_start()
    {
        var tab = await OpenAsync(await shared.GetAsync());
        var form = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await form.FillAsync(new GameSettings { Name = "Labelled", MemoryMiB = "128" });
        await tab.Page.GetByText("Advanced").ClickAsync();
        await form.SetAsync("Labels", "team=survival\norleanswings.run=9");
        await Assertions.Expect(form.Note("Labels")).ToContainTextAsync("orleanswings.run is a label of the platform's own");
        await form.SetAsync("Labels", "team=survival");
        await tab.Page.GetByText("Let it wait when its memory is used up").ClickAsync();
        var page = await form.SubmitAsync();

        await page.StartAsync();
        Assert.Equal("survival 1 true 0", await InspectAsync());
        // Another part of the wish is edited meanwhile.
        await SaveAsync(tab, page.Id, "128", "150");
        await page.WaitForLineAsync("New limits are in force: CPU limit 150 %.");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
        await page.StartAsync();
        Assert.Equal("survival 2 true 150000", await InspectAsync());

        Task<string?> InspectAsync() => Docker.InspectAsync(page.Id, "{{index .Config.Labels \"team\"}} {{index .Config.Labels \"orleanswings.run\"}} {{.HostConfig.OomKillDisable}} {{.HostConfig.CpuQuota}}");
    }

    [Fact]
    public async Task New_limits_are_in_force_without_a_restart_and_what_has_to_wait_is_named()
    {
        var tab = await OpenAsync(await shared.GetAsync());
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Limited", MemoryMiB = "256" });
        await page.StartAsync();
        var id = page.Id;
        var started = await Docker.InspectAsync(id, "{{.State.StartedAt}}");

        await SaveAsync(tab, id, "512", "150");
        await page.WaitForLineAsync("New limits are in force: memory 512 MiB, CPU limit 150 %.");
        Assert.Equal($"{512L << 20} {512L << 20} {512L << 20} 150000 100000", await InspectLimitsAsync());
        await ExpectWaitingAsync("what the game is told of its memory (SERVER_MEMORY)");

        await SaveAsync(tab, id, "0", "0");
        await page.WaitForLineAsync("New limits are in force: CPU limit none.");
        await ExpectWaitingAsync("memory");
        Assert.Equal($"{512L << 20} {512L << 20} {512L << 20} -1 100000", await InspectLimitsAsync());
        Assert.Equal(started, await Docker.InspectAsync(id, "{{.State.StartedAt}}"));

        await page.PressAsync("Restart");
        await Assertions.Expect(tab.Page.GetByText("waiting for the next start")).ToHaveCountAsync(0);
        await page.WaitForStateAsync("Running");
        Assert.Equal("0 0 0 0 0", await InspectLimitsAsync());

        Task ExpectWaitingAsync(string what) => Assertions.Expect(tab.Page.GetByText($"Changed, and waiting for the next start: {what}.")).ToBeVisibleAsync();

        Task<string?> InspectLimitsAsync() => Docker.InspectAsync(
            id, "{{.HostConfig.Memory}} {{.HostConfig.MemoryReservation}} {{.HostConfig.MemorySwap}} {{.HostConfig.CpuQuota}} {{.HostConfig.CpuPeriod}}");
    }

    private static async Task SaveAsync(Tab tab, string id, string memory, string cpu)
    {
        await tab.GoAsync($"/servers/{id}/edit");
        var form = new CreatePage(tab);
        await form.SetAsync("Memory (MiB)", memory);
        await form.SetAsync("CPU (% of a core)", cpu);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await tab.WaitForAddressAsync($"/servers/{id}");
    }
}

namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>A server that fills its disk is warned, then stopped with the reason, and runs again when there is room.</summary>
public sealed class DiskLimitTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_full_disk_stops_the_server_with_the_reason_until_there_is_room()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var form = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await form.FillAsync(new GameSettings { Name = "Hoarder" });
        await form.SetAsync("Disk (MiB)", "-5");
        await Assertions.Expect(form.Note("Disk (MiB)")).ToContainTextAsync("-5 MiB of disk cannot be");
        await form.SetAsync("Disk (MiB)", "20");
        var page = await form.SubmitAsync();
        await page.StartAsync();
        await Assertions.Expect(page.Total("Files")).ToHaveTextAsync("of 20 MiB");

        await page.SendAsync("run dd if=/dev/zero of=/home/container/world bs=1M count=19");
        await page.WaitForLineAsync("The server's files take 19 of 20 MiB (95 %). When they reach the limit the server is stopped.");
        await Assertions.Expect(tab.Page.GetByText("Its files take 95 % of their limit. At the limit it is stopped.")).ToBeVisibleAsync();
        Assert.Equal("running", await Docker.StatusAsync(page.Id));

        await page.SendAsync("run dd if=/dev/zero of=/home/container/more bs=1M count=4");
        await page.WaitForStateAsync("Offline");
        await page.WaitForLineAsync("The server's files take 23 of 20 MiB (115 %): its disk limit is reached. The server is stopped.");
        await Assertions.Expect(tab.Page.GetByText("its disk limit is reached. The server is stopped for that.")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByText("Its files have reached their limit: it cannot run until some are removed or the limit is raised.")).ToBeVisibleAsync();

        await page.PressAsync("Start");
        await Assertions.Expect(tab.Page.Locator(".wrong-banner").Filter(new LocatorFilterOptions { HasText = "Remove files, or raise the limit." })).ToBeVisibleAsync();
        await page.WaitForStateAsync("Offline");
        File.Delete(Path.Combine(program.Data, "volumes", page.Id, "more"));
        await page.StartAsync();
        await Assertions.Expect(page.Number("Files")).ToHaveTextAsync("19 MiB");
        Assert.Equal("running", await Docker.StatusAsync(page.Id));
    }
}

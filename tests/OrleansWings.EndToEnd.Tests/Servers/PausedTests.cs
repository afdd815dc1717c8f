namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>Somebody pauses a container on the host.</summary>
public sealed class PausedTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    [Fact]
    public async Task A_paused_container_is_shown_reads_its_commands_when_it_goes_on_and_is_killed_while_it_is()
    {
        var tab = await OpenAsync(await shared.GetAsync());
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Paused" });
        await page.StartAsync();
        var notice = tab.Page.GetByText("This server's container is paused.");

        await Docker.RunAsync("pause", page.Id);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        await page.SendAsync("meanwhile");
        await Docker.RunAsync("unpause", page.Id);
        await Assertions.Expect(notice).ToHaveCountAsync(0);
        await page.WaitForLineAsync("Unknown command: meanwhile");

        await Docker.RunAsync("pause", page.Id);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        await page.PressAsync("Kill");
        await page.WaitForStateAsync("Offline");
        await Assertions.Expect(notice).ToHaveCountAsync(0);
    }
}

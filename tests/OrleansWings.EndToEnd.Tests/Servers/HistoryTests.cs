namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>What happened to a server stays on its page, whatever happens to the program.</summary>
public sealed class HistoryTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_crash_is_in_the_history_with_its_code_and_last_lines_and_outlives_the_program()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Story" });
        var history = tab.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "History" });
        await Assertions.Expect(history).ToContainTextAsync("Nothing has happened yet.");
        await page.StartAsync();
        await Assertions.Expect(history).ToContainTextAsync("The server is running.");
        await Assertions.Expect(history).ToContainTextAsync("is looked for on this host; it is never pulled.");
        await Assertions.Expect(history).ToContainTextAsync("is on this host.");
        await page.SendAsync("run echo the last words");
        await page.WaitForLineAsync("run over");
        await page.SendAsync("crash 7");
        await Assertions.Expect(history.Locator(".wrong-event")).ToContainTextAsync("The server's process ended by itself: exit code 7. It is started again.");
        await page.WaitForStateAsync("Running");

        using (tab.Outage())
        {
            await program.KillAsync();
            await program.StartAsync();
        }

        // The page comes back by itself.
        await Eventually.TrueAsync(() => tab.Terminal.Texts.Count > 1);
        var crash = history.Locator(".wrong-event");
        await Assertions.Expect(crash).ToContainTextAsync("exit code 7");
        await crash.Locator("summary").ClickAsync();
        await Assertions.Expect(crash.Locator("pre")).ToContainTextAsync("the last words");
        await Assertions.Expect(history.Locator("li").First).ToContainTextAsync("The server is running.");
    }
}

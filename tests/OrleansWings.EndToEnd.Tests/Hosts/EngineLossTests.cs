namespace OrleansWings.EndToEnd.Tests.Hosts;

public sealed class EngineLossTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private static readonly LocatorAssertionsToBeVisibleOptions s_atOnce = new() { Timeout = 10_000 };

    [Fact]
    public async Task An_engine_that_goes_is_said_at_once_and_all_recovers_when_it_is_back()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can start an engine of the test's own.");
        var engine = Own(await EngineOfOneTest.StartAsync());
        var docker = new DockerCommand(engine.Address);
        var program = await StartProgramAsync(engine.Address);
        var tab = await OpenAsync(program);
        var idle = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Idle" });
        var idleId = idle.Id;
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Busy" });
        await page.StartAsync();
        var load = await tab.LoadAsync();

        await engine.StopAsync();
        await Assertions.Expect(tab.Page.GetByText("Host here or its engine does not answer.")).ToBeVisibleAsync(s_atOnce);
        await Assertions.Expect(tab.Page.Locator(".server-name .state.is-unknown")).ToBeVisibleAsync();
        await Assertions.Expect(page.Button("Stop")).ToBeDisabledAsync();
        await Assertions.Expect(page.Button("Kill")).ToBeEnabledAsync();
        Assert.False(program.HasExited);

        await engine.StartAgainAsync();
        // The container died with its engine: it is told, and as it was wanted it is started again.
        await Assertions.Expect(tab.Page.GetByText("Host here or its engine does not answer.")).ToBeHiddenAsync();
        await Assertions.Expect(page.Problem).ToContainTextAsync("ended by itself while OrleansWings or the engine was not running");
        await page.WaitForStateAsync("Running");
        Assert.Equal("running", await docker.StatusAsync(page.Id));
        await page.SendAsync("hello");
        await page.WaitForLineAsync("Unknown command: hello");
        await page.WaitForNumberAsync("Memory", bytes => bytes > 0);
        Assert.Equal(load, await tab.LoadAsync());

        await tab.GoAsync($"/servers/{idleId}");
        await page.WaitForStateAsync("Offline");
        await page.StartAsync();
        Assert.False(program.HasExited);
    }
}

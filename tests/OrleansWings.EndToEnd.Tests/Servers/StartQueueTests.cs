namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>More starts than the host lets through at once: who waits is told its place.</summary>
public sealed class StartQueueTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_server_that_waits_for_its_turn_shows_its_place_and_moves_up()
    {
        var proxy = Own(new EngineProxy(Engine));
        var program = await StartProgramAsync(proxy.Address, settings: ("WINGS_STARTS_AT_ONCE", "1"));
        var tab = await OpenAsync(program);
        string[] ids = [await CreateAsync(tab, "First"), await CreateAsync(tab, "Second"), await CreateAsync(tab, "Third")];
        var page = new ServerPage(tab);
        var held = proxy.Next(EngineFault.Hold, "POST", "/containers/create");
        await StartAsync(page, ids[0]);
        await held.Reached;
        await StartAsync(page, ids[1]);
        await Assertions.Expect(Place(tab, "Waiting for its turn to start.")).ToBeVisibleAsync();
        await StartAsync(page, ids[2]);
        await Assertions.Expect(Place(tab, "Waiting for its turn to start: 1 server is ahead.")).ToBeVisibleAsync();

        await tab.GoAsync($"/servers/{ids[1]}");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
        await tab.GoAsync($"/servers/{ids[2]}");
        await Assertions.Expect(Place(tab, "Waiting for its turn to start.")).ToBeVisibleAsync();

        held.End();
        await page.WaitForStateAsync("Running");
        Assert.Equal(("running", null, "running"), (await Docker.StatusAsync(ids[0]), await Docker.StatusAsync(ids[1]), await Docker.StatusAsync(ids[2])));
    }

    private static ILocator Place(Tab tab, string text) => tab.Page.GetByText(text, new PageGetByTextOptions { Exact = true });

    private static async Task StartAsync(ServerPage page, string id)
    {
        await page.Tab.GoAsync($"/servers/{id}");
        await page.PressAsync("Start");
    }

    private static async Task<string> CreateAsync(Tab tab, string name) => (await CreatePage.CreateAsync(tab, new GameSettings { Name = name })).Id;
}

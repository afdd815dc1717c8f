namespace OrleansWings.EndToEnd.Tests.Layout;

public sealed class AccessibilityTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Pages_have_no_serious_accessibility_fault(ColorScheme scheme)
    {
        var tab = await OpenAsync(await shared.GetAsync(), new BrowserNewContextOptions { ColorScheme = scheme });
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = $"Seen in {scheme}" });
        await page.StartAsync();
        await page.WaitForNumberAsync("Memory", bytes => bytes > 0);
        await tab.AssertAccessibleAsync("server");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
        await tab.AssertAccessibleAsync("stopped server");
        foreach (var path in (string[])["/", "/servers/new", $"/servers/{page.Id}/edit", "/hosts", "/hosts/here", "/jobs", "/jobs/new", "/trash"])
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToBeVisibleAsync();
            await tab.AssertAccessibleAsync(path);
        }

        var create = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await create.Submit.ClickAsync();
        await Assertions.Expect(create.Note("Name")).ToBeVisibleAsync();
        await tab.AssertAccessibleAsync("form with faults");

        var stranger = await OpenStrangerAsync(await shared.GetAsync(), new BrowserNewContextOptions { ColorScheme = scheme });
        await stranger.Page.GotoAsync("/sign-in");
        await stranger.AssertAccessibleAsync("sign-in");
    }

    [Fact]
    public async Task A_phone_never_scrolls_sideways()
    {
        var tab = await OpenAsync(await shared.GetAsync(), new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 }, HasTouch = true });
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "On a phone with a name that is rather long", Port = 28030 });
        await page.StartAsync();
        foreach (var path in (string[])[$"/servers/{page.Id}", $"/servers/{page.Id}/edit", "/", "/servers/new", "/hosts", "/hosts/here", "/jobs", "/jobs/new", "/trash"])
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToBeVisibleAsync();
            await tab.AssertFitsAsync(path);
        }
    }
}

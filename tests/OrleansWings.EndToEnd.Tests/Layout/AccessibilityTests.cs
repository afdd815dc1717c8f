using Deque.AxeCore.Playwright;

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
        await CheckAsync(tab, "server");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
        await CheckAsync(tab, "stopped server");
        foreach (var path in (string[])["/", "/servers/new", "/hosts", "/trash"])
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToBeVisibleAsync();
            await CheckAsync(tab, path);
        }

        var create = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await create.Submit.ClickAsync();
        await Assertions.Expect(create.Note("Name")).ToBeVisibleAsync();
        await CheckAsync(tab, "form with faults");

        var stranger = await OpenStrangerAsync(await shared.GetAsync(), new BrowserNewContextOptions { ColorScheme = scheme });
        await stranger.Page.GotoAsync("/sign-in");
        await CheckAsync(stranger, "sign-in");
    }

    [Fact]
    public async Task A_phone_never_scrolls_sideways()
    {
        var tab = await OpenAsync(await shared.GetAsync(), new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 }, HasTouch = true });
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "On a phone with a name that is rather long", Port = 28030 });
        await page.StartAsync();
        foreach (var path in (string[])[$"/servers/{page.Id}", "/", "/servers/new", "/hosts", "/trash"])
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToBeVisibleAsync();
            var width = await tab.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth");
            Assert.True(width <= 390, $"{path} is {width} px wide.");
        }
    }

    private static async Task CheckAsync(Tab tab, string what)
    {
        // Colours fade in and out; what is measured is what stays.
        await tab.Page.WaitForFunctionAsync("() => document.getAnimations().every(one => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)");
        var result = await tab.Page.RunAxe();
        var faults = result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id} ({violation.Impact}): {string.Join(" ; ", violation.Nodes.Select(node => node.Html))}");
        Assert.True(!faults.Any(), $"The page {what}: {string.Join('\n', faults)}");
    }
}

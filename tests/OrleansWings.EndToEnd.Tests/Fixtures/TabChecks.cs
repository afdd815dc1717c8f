using Deque.AxeCore.Playwright;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>What must be true of every page.</summary>
internal static class TabChecks
{
    /// <summary>No serious fault for people who use a page otherwise than by looking and pointing (axe).</summary>
    public static async Task AssertAccessibleAsync(this Tab tab, string what)
    {
        // A word at the page's edge may begin to fade while it is being looked at.
        await Assertions.Expect(tab.Page.Locator(".mud-snackbar")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        // Colours fade in and out; what is measured is what stays.
        await tab.Page.WaitForFunctionAsync("() => document.getAnimations().every(one => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)");
        var result = await tab.Page.RunAxe();
        var faults = result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id} ({violation.Impact}): {string.Join(" ; ", violation.Nodes.Select(node => node.Html))}");
        Assert.True(!faults.Any(), $"The page {what}: {string.Join('\n', faults)}");
    }

    /// <summary>It is no wider than the window: nobody has to scroll sideways.</summary>
    public static async Task AssertFitsAsync(this Tab tab, string what)
    {
        var (width, window) = (await tab.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"), tab.Page.ViewportSize!.Width);
        Assert.True(width <= window, $"{what} is {width} px wide in a window of {window}.");
    }
}

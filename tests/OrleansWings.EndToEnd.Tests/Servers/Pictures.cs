namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>
/// Pictures for the README, only when WINGS_TEST_SCREENSHOTS is 1: a plain run of the tests leaves the tree as it is.
/// </summary>
internal static class Pictures
{
    private static bool IsWanted => Environment.GetEnvironmentVariable("WINGS_TEST_SCREENSHOTS") == "1";

    public static async Task TakeAsync(ServerPage page)
    {
        if (!IsWanted)
            return;
        await page.SendAsync("""run printf '\033[32m[12:03:41 INFO]\033[0m: \033[1mAnna\033[0m joined the game\n\033[33m[12:04:02 WARN]\033[0m: Can'"'"'t keep up! Running 2104 ms behind\n'""");
        await page.WaitForLineAsync("run over");
        // The charts need some seconds to have a shape.
        for (var (i, uptime) = (0, await page.WaitForNumberAsync("CPU", percent => percent > 0)); i < 40 && uptime >= 0; i++)
            await page.Tab.Page.WaitForTimeoutAsync(500);
        await TakeBothAsync(page.Tab, "dashboard");
    }

    public static async Task TakeListAsync(Tab tab)
    {
        if (IsWanted)
            await TakeBothAsync(tab, "servers");
    }

    private static async Task TakeBothAsync(Tab tab, string name)
    {
        var folder = Directory.CreateDirectory(Repository.PathOf("docs", "images")).FullName;
        foreach (var (scheme, suffix) in ((ColorScheme, string)[])[(ColorScheme.Light, "-light"), (ColorScheme.Dark, "")])
        {
            await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", scheme == ColorScheme.Dark ? "dark" : "light");
            await tab.Page.Mouse.MoveAsync(0, 0);
            await tab.Page.WaitForTimeoutAsync(500);
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}{suffix}.png") });
        }
    }
}

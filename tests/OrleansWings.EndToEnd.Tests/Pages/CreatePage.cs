namespace OrleansWings.EndToEnd.Tests.Pages;

/// <summary>The dialog that makes a server.</summary>
internal sealed class CreatePage(Tab tab)
{
    public ILocator Submit => tab.Page.Locator("#main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Create server", Exact = true });

    /// <summary>Opens it, fills it, sends it, and waits for the server's page.</summary>
    public static async Task<ServerPage> CreateAsync(Tab tab, GameSettings settings)
    {
        var page = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await page.FillAsync(settings);
        return await page.SubmitAsync();
    }

    public ILocator Field(string label) => tab.Page.GetByLabel(label, new PageGetByLabelOptions { Exact = true });

    /// <summary>What is said at a field: its hint, or its fault.</summary>
    public ILocator Note(string label) => tab.Page.Locator(".field").Filter(new LocatorFilterOptions { Has = Field(label) }).Locator(".fault-text");

    public async Task SetAsync(string label, string text)
    {
        await Field(label).FillAsync(text);
        await Field(label).BlurAsync();
    }

    public async Task FillAsync(GameSettings settings)
    {
        await SetAsync("Name", settings.Name);
        await SetAsync("Image", settings.Image);
        await SetAsync("Start-up command", settings.Startup);
        if (settings.Port > 0)
            await SetAsync("Port 1", $"{settings.Port}");
        else
            await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove port 1" }).ClickAsync();
        if (settings.Address is not null)
            await SetAsync("Address 1", settings.Address);
        if (settings.MemoryMiB is not null)
            await SetAsync("Memory (MiB)", settings.MemoryMiB);
        await SetAsync("Done-lines", settings.DoneLines);
        if (settings.StopCommand is not null)
        {
            await Field("Stop by").SelectOptionAsync("Command");
            await SetAsync("Stop command", settings.StopCommand);
        }

        if (settings.GraceSeconds is not null)
            await SetAsync("Grace period (s)", settings.GraceSeconds);
        foreach (var (name, value) in settings.Environment)
        {
            await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add variable" }).ClickAsync();
            await tab.Page.GetByLabel("Variable", new PageGetByLabelOptions { Exact = true }).Last.FillAsync(name);
            await tab.Page.GetByLabel("Variable", new PageGetByLabelOptions { Exact = true }).Last.BlurAsync();
            await SetAsync($"Value of {name}", value);
        }
    }

    public async Task<ServerPage> SubmitAsync()
    {
        await Submit.ClickAsync();
        try
        {
            await tab.WaitForAddressAsync("/servers/[0-9a-f]{8}-[0-9a-f-]{27}");
        }
        catch (PlaywrightException e)
        {
            var said = await tab.Page.Locator(".fault-text, .banner").AllInnerTextsAsync();
            throw new InvalidOperationException($"The server was not created; the page says: {string.Join(" | ", said)}", e);
        }

        var page = new ServerPage(tab);
        await Assertions.Expect(page.Heading).ToBeVisibleAsync();
        return page;
    }
}

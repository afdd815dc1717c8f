namespace OrleansWings.EndToEnd.Tests.Servers;

public sealed class ServerStoryTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_server_is_created_started_spoken_to_watched_and_stopped_in_the_browser()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        await tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Create server" }).ClickAsync();
        var create = new CreatePage(tab);
        await tab.WaitUntilInteractiveAsync();
        await FaultsAreSaidAtTheirFieldsAsync(create);

        await create.FillAsync(new GameSettings { Name = "Survival", MemoryMiB = "256", Startup = "game survival" });
        var page = await create.SubmitAsync();
        await page.WaitForStateAsync("Offline");
        Assert.Null(await Docker.StatusAsync(page.Id));

        await page.StartAsync();
        await page.WaitForLineAsync("Starting game survival");
        await page.WaitForLineAsync("Done (0.1s)! For help, type \"help\"");
        Assert.Equal("running", await Docker.StatusAsync(page.Id));

        await page.SendAsync("hello there");
        await page.WaitForLineAsync("hello there");
        await page.WaitForLineAsync("Unknown command: hello there");

        await page.SendAsync("burn");
        await page.WaitForNumberAsync("CPU", percent => percent > 30);
        var held = await page.WaitForNumberAsync("Memory", bytes => bytes > 0);
        await page.SendAsync("hold 48");
        await page.WaitForNumberAsync("Memory", bytes => bytes > held + 40 * 1024 * 1024);

        await page.PressAsync("Stop");
        await page.WaitForLineAsync("Stopping the server");
        await page.WaitForStateAsync("Offline");
        Assert.Equal("exited", await Docker.StatusAsync(page.Id));
        await Assertions.Expect(page.Number("CPU")).ToHaveTextAsync("–");
        await Assertions.Expect(page.Problem).ToBeHiddenAsync();

        var list = new ListPage(tab);
        await list.OpenAsync();
        await Assertions.Expect(list.State("Survival")).ToHaveTextAsync("Offline");
        await list.Button("Start", "Survival").ClickAsync();
        await Assertions.Expect(list.State("Survival")).ToHaveTextAsync("Running");
    }

    [Fact]
    public async Task The_form_suggests_the_engines_images_and_keeps_a_start_priority()
    {
        var tab = await OpenAsync(await StartProgramAsync());
        var create = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await Assertions.Expect(tab.Page.Locator($"datalist option[value='{RealEngine.Image}']")).ToHaveCountAsync(1);
        await Assertions.Expect(create.Field("Image")).ToHaveAttributeAsync("list", await tab.Page.Locator("datalist").GetAttributeAsync("id") ?? "");

        await create.FillAsync(new GameSettings { Name = "Suggested", Image = RealEngine.Image });
        await tab.Page.GetByText("Advanced").ClickAsync();
        await create.SetAsync("Start priority", "7");
        var page = await create.SubmitAsync();

        await tab.GoAsync($"/servers/{page.Id}/edit");
        await Assertions.Expect(create.Field("Start priority")).ToHaveValueAsync("7");
    }

    private static async Task FaultsAreSaidAtTheirFieldsAsync(CreatePage create)
    {
        await create.SetAsync("Image", "Not An Image");
        await Assertions.Expect(create.Note("Image")).ToContainTextAsync("'Not An Image' is not an image name");
        await create.SetAsync("Memory (MiB)", "much");
        await Assertions.Expect(create.Note("Memory (MiB)")).ToHaveTextAsync("'much' is not a whole number.");
        await create.SetAsync("Port 1", "70000");
        await Assertions.Expect(create.Note("Port 1")).ToHaveTextAsync("70000 is not a port: 1 to 65535.");
        await create.Submit.ClickAsync();
        await Assertions.Expect(create.Note("Name")).ToHaveTextAsync("A server needs a name.");
        await Assertions.Expect(create.Note("Start-up command")).ToHaveTextAsync("A server needs a start-up command.");
    }
}

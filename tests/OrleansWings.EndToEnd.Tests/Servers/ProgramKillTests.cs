namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>The program is killed between two steps of a server's life and started again: what was accepted goes on, what is shown is true.</summary>
public sealed class ProgramKillTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private const string RunLabel = """{{index .Config.Labels "orleanswings.run"}}""";

    [Theory]
    [InlineData("GET", "/images/")]
    [InlineData("POST", "/containers/create")]
    [InlineData("POST", "/attach")]
    [InlineData("POST", "/start")]
    public async Task Killed_in_a_start_that_was_accepted_it_carries_the_start_out(string method, string path)
    {
        var proxy = Own(new EngineProxy(Engine));
        var program = await StartProgramAsync(proxy.Address);
        var page = await CreatePage.CreateAsync(await OpenAsync(program), new GameSettings { Name = "Started" });
        var hold = proxy.Next(EngineFault.Hold, method, path);
        await page.PressAsync("Start");
        await Assertions.Expect(page.Tab.Notice("The server is starting.")).ToBeVisibleAsync();
        await hold.Reached;

        await KillAndStartAsync(program, page, hold.Drop);
        await page.WaitForStateAsync("Running");
        Assert.Equal("1", await Docker.InspectAsync(page.Id, RunLabel));
        await page.SendAsync("hello");
        await page.WaitForLineAsync("Unknown command: hello");
    }

    [Fact]
    public async Task Killed_while_an_image_is_pulled_it_pulls_again_and_starts()
    {
        await using var registry = new HangingRegistry();
        await Docker.RunAsync("tag", RealEngine.Image, registry.Image);
        try
        {
            var program = await StartProgramAsync();
            var page = await CreatePage.CreateAsync(await OpenAsync(program), new GameSettings { Name = "Pulled", Image = registry.Image });
            await page.PressAsync("Start");
            await registry.WaitUntilAskedAsync();
            await Assertions.Expect(page.Tab.Page.GetByText($"Pulling the image {registry.Image}").First).ToBeVisibleAsync();

            await KillAndStartAsync(program, page);
            await page.WaitForStateAsync("Starting");
            await registry.WaitUntilAskedAsync();
            registry.AnswerThatNothingIsThere();
            await page.WaitForStateAsync("Running");
            await page.WaitForLineAsync("The copy that is on this host is used.");
        }
        finally
        {
            await Docker.RunAsync("rmi", "-f", registry.Image);
        }
    }

    [Fact]
    public async Task Killed_while_servers_run_it_finds_them_as_they_are()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var stopped = await CreateRunningAsync(tab, "Stopped");
        var stoppedId = stopped.Id;
        await stopped.PressAsync("Stop");
        await stopped.WaitForStateAsync("Offline");
        var crashed = (await CreateRunningAsync(tab, "Crashed")).Id;
        var page = await CreateRunningAsync(tab, "Running");
        var container = await Docker.IdAsync(page.Id);

        await KillAndStartAsync(program, page, () => { }, () => Docker.RunAsync("kill", "--signal", "KILL", crashed));
        await page.WaitForStateAsync("Running");
        Assert.Equal(container, await Docker.IdAsync(page.Id));
        await page.SendAsync("hello");
        await page.WaitForLineAsync("Unknown command: hello");

        await tab.GoAsync($"/servers/{stoppedId}");
        await page.WaitForStateAsync("Offline");
        Assert.Equal("exited", await Docker.StatusAsync(stoppedId));

        await tab.GoAsync($"/servers/{crashed}");
        await Assertions.Expect(page.Problem).ToContainTextAsync("ended by itself while OrleansWings or the engine was not running: it was ended by SIGKILL (exit code 137). It was started again.");
        await page.WaitForStateAsync("Running");
        Assert.Equal("2", await Docker.InspectAsync(crashed, RunLabel));
    }

    [Fact]
    public async Task Killed_while_a_server_stops_it_goes_on_stopping_and_a_kill_ends_it()
    {
        var program = await StartProgramAsync();
        var page = await CreatePage.CreateAsync(await OpenAsync(program), new GameSettings { Name = "Stubborn", StopCommand = null });
        await page.StartAsync();
        await page.SendAsync("ignore");
        await page.WaitForLineAsync("ignoring signals");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Stopping");

        await KillAndStartAsync(program, page);
        await page.WaitForStateAsync("Stopping");
        Assert.Equal("running", await Docker.StatusAsync(page.Id));
        await page.PressAsync("Kill");
        await page.WaitForStateAsync("Offline");
        Assert.Equal("exited", await Docker.StatusAsync(page.Id));

        await KillAndStartAsync(program, page);
        await page.WaitForStateAsync("Offline");
        Assert.Equal("exited", await Docker.StatusAsync(page.Id));
    }

    [Fact]
    public async Task Killed_while_a_server_is_deleted_it_deletes_it()
    {
        var proxy = Own(new EngineProxy(Engine));
        var program = await StartProgramAsync(proxy.Address);
        var tab = await OpenAsync(program);
        var page = await CreateRunningAsync(tab, "Deleted");
        var id = page.Id;
        var hold = proxy.Next(EngineFault.Hold, "DELETE", "/containers/");
        await page.DeleteAsync();
        await hold.Reached;

        await KillAndStartAsync(program, page, hold.Drop);
        await Eventually.GetAsync(() => Docker.StatusAsync(id), status => status is null);
        await Eventually.TrueAsync(() => Directory.Exists(Path.Combine(program.Data, "trash", id)));
        Assert.False(Directory.Exists(Path.Combine(program.Data, "volumes", id)));
        await tab.GoAsync("/trash");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Restore Deleted" })).ToBeVisibleAsync();
    }

    private static async Task<ServerPage> CreateRunningAsync(Tab tab, string name)
    {
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = name });
        await page.StartAsync();
        return page;
    }

    private static async Task KillAndStartAsync(WingsProgram program, ServerPage page, Action? afterKill = null, Func<Task>? meanwhile = null)
    {
        using var outage = page.Tab.Outage();
        var loads = await page.Tab.LoadAsync();
        await program.KillAsync();
        afterKill?.Invoke();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        await program.StartAsync();
        // The page comes back by itself.
        await page.Tab.WaitForNewLoadAsync(loads);
    }
}

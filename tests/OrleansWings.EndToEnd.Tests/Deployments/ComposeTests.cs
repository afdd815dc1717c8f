using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Deployments;

/// <summary>What an operator does with the Dockerfile and docker-compose.yml, done on a real engine.</summary>
/// <remarks>Not beside tests of the fleet of many machines: both take a whole machine.</remarks>
[Collection(nameof(SpreadFleet))]
public sealed class ComposeTests(Browser browser, ComposeImage image) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<ComposeImage>
{
    private static readonly string s_version2 = Repository.PathOf("tests", "engine", "compose-v2");

    private readonly Browser _browser = browser;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_fleet_in_containers_runs_a_server_and_leaves_it_alone_when_it_goes(int version)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can start an engine of the test's own.");
        await using var project = await ComposeProject.PrepareAsync(image, version == 1 ? "docker-compose" : s_version2);
        await project.ComposeAsync("up", "-d", "--no-build");
        try
        {
            foreach (var service in (string[])["redis", "control", "host"])
                await project.WaitUntilHealthyAsync(service);
            await using var forward = new NamespaceForward(project.Namespace, 8_080);
            await using var tab = await SignInAsync(forward.Address);
            var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Lobby" });
            await page.StartAsync();
            await page.SendAsync("hello");
            await page.WaitForLineAsync("Unknown command: hello");
            // The counters are read from the kernel's files, across the containers' walls.
            await page.WaitForNumberAsync("Processes", count => count >= 1);
            var (game, id) = (page.Id, await project.Docker.InspectAsync(page.Id, "{{.Id}} {{.State.Pid}} {{.Config.User}}"));
            Assert.EndsWith(" 988:988", id, StringComparison.Ordinal);
            Assert.Equal("988:988", await project.Docker.InspectAsync(await project.ContainerAsync("host"), "{{.Config.User}}"));
            await tab.Page.GotoAsync("about:blank");

            await project.ComposeAsync("down");
            // What the newer command does otherwise shows by here.
            if (version == 2)
                return;
            Assert.Equal(id, await project.Docker.InspectAsync(game, "{{.Id}} {{.State.Pid}} {{.Config.User}}"));
            Assert.Equal(game, await project.Docker.RunAsync("ps", "-a", "--format", "{{.Names}}"));

            await project.ComposeAsync("up", "-d", "--no-build");
            await project.WaitUntilHealthyAsync("control");
            await tab.GoAsync($"/servers/{game}");
            await page.WaitForStateAsync("Running");
            await page.WaitForLineAsync("Unknown command: hello");
            await tab.Page.GotoAsync("about:blank");
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(await project.ComposeAsync("logs", "--no-color"));
            throw;
        }
        finally
        {
            await project.ComposeAsync("down", "-v");
        }
    }

    [Fact]
    public async Task A_host_in_a_container_joins_from_another_machine_and_leaves_its_game_alone_when_it_goes()
    {
        RealEngine.Require();
        MachineNetwork.Require();
        await using var project = await HostProject.PrepareAsync(image);
        try
        {
            await project.Compose.RunAsync("up", "-d");
            await WaitForHostAsync(project, HostStatus.Ready);
            var created = await Eventually.GetAsync(() => project.Fleet.CreateServerAsync(FleetRun.Game("far away", HostProject.Host)), result => result.IsAccepted);
            var server = project.Fleet.GetServer(created.Server!.Value);
            await Eventually.GetAsync(server.StartAsync, result => result.IsAccepted);
            await FleetRun.WaitForAsync(server, PowerState.Running);
            await AssertAnswersAsync(server, "hello");
            var game = await project.Docker.InspectAsync(server.Id.ToString(), "{{.Id}} {{.State.Pid}} {{.State.Status}}");
            Assert.EndsWith(" running", game, StringComparison.Ordinal);

            await project.Compose.RunAsync("down");
            Assert.Equal(server.Id.ToString(), await project.Docker.RunAsync("ps", "-a", "--format", "{{.Names}}"));
            await WaitForHostAsync(project, HostStatus.Lost);
            Assert.Equal(game, await project.Docker.InspectAsync(server.Id.ToString(), "{{.Id}} {{.State.Pid}} {{.State.Status}}"));

            await project.Compose.RunAsync("up", "-d");
            await WaitForHostAsync(project, HostStatus.Ready);
            await FleetRun.WaitForAsync(server, PowerState.Running);
            await AssertAnswersAsync(server, "again");
            Assert.Equal(game, await project.Docker.InspectAsync(server.Id.ToString(), "{{.Id}} {{.State.Pid}} {{.State.Status}}"));
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(await project.Compose.RunAsync("logs", "--no-color"));
            throw;
        }
    }

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("docker-compose.host.yml")]
    public async Task A_compose_file_is_valid_for_the_old_docker_compose(string file)
        => Assert.Equal("", (await ConfigAsync("docker-compose", file)).Trim());

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("docker-compose.yml", "docker-compose.cgroup2.yml")]
    [InlineData("docker-compose.host.yml")]
    public async Task A_compose_file_is_valid_for_Compose_v2(params string[] files)
        => Assert.Equal("", (await ConfigAsync(s_version2, files)).Trim());

    private static Task WaitForHostAsync(HostProject project, HostStatus status)
        => Eventually.GetAsync(project.Fleet.ListHostsAsync, hosts => hosts is [{ Id.Value: HostProject.Host } host] && host.Status == status);

    private static async Task AssertAnswersAsync(IServer server, string command)
    {
        await Eventually.GetAsync(() => server.SendCommandAsync(command), sent => sent.IsAccepted);
        await Eventually.GetAsync(() => server.ReadLogAsync(10), lines => lines.Any(line => line.Contains($"Unknown command: {command}", StringComparison.Ordinal)));
    }

    // What it complains of.
    private static async Task<string> ConfigAsync(string program, params string[] files)
    {
        var start = new System.Diagnostics.ProcessStartInfo(program, [.. files.SelectMany(file => (string[])["-f", Repository.PathOf(file)]), "config", "-q"]);
        (start.Environment["WINGS_HOST"], start.Environment["WINGS_REDIS"]) = ("eu-1", "rediss://10.0.0.2:6379");
        var result = await Command.TryAsync(start);
        return result.ExitCode == 0 ? result.Error : $"{result.ExitCode} {result.Error}{result.Output}";
    }

    private async Task<Tab> SignInAsync(Uri address)
    {
        var tab = await _browser.OpenAsync(address);
        await tab.Page.GotoAsync("/");
        await new SignInPage(tab).SignInAsync("admin", WingsProgram.Password);
        await tab.WaitUntilInteractiveAsync();
        return tab;
    }
}

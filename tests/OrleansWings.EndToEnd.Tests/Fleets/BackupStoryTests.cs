using System.Diagnostics;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>Programs are saved while they run; then the machine, or the fleet's Redis, is lost and comes back out of the backup.</summary>
public sealed class BackupStoryTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ow-backup-").FullName;

    private string Saved => Path.Combine(_folder, "saved.backup");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_machine_whose_folder_was_lost_is_there_again_with_its_servers_and_its_users_and_a_game_that_went_on()
    {
        var stored = StoredFleet.Make(3, "here");
        var lost = Directory.CreateDirectory(Path.Combine(_folder, "lost")).FullName;
        await stored.WriteAsync(Path.Combine(lost, "state.db"));
        var program = await StartProgramAsync(dataFolder: lost);
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Made while it ran" });

        await page.StartAsync();
        await page.WaitForStateAsync("Running");
        var id = page.Id;
        var container = await Docker.InspectAsync(id, "{{.Id}} {{.State.Pid}}");
        var saved = await RunAsync(program.Settings, "backup");
        var intoTheRunning = await RunAsync(program.Settings, "restore");
        var users = await File.ReadAllTextAsync(Path.Combine(lost, "users.json"), TestContext.Current.CancellationToken);
        await tab.Page.GotoAsync("about:blank");
        await program.KillAsync();
        var found = Path.Combine(_folder, "found");
        var restored = await RunAsync(new Dictionary<string, string>(program.Settings) { ["WINGS_DATA"] = found }, "restore");

        Assert.Equal((0, ""), (saved.ExitCode, saved.Error));
        Assert.Contains(": 1 fleet, 1 host, 4 record, 1 job, 1 job-book, the users of one machine, here.", saved.Output, StringComparison.Ordinal);
        Assert.Equal((1, $"The data folder {lost} is in use by another OrleansWings (process {program.ProcessId}). Stop that one, or give this one a folder of its own with WINGS_DATA."), (intoTheRunning.ExitCode, intoTheRunning.Error.Trim()));
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        Assert.Equal(users, await File.ReadAllTextAsync(Path.Combine(found, "users.json"), TestContext.Current.CancellationToken));
        var again = await StartProgramAsync(dataFolder: found);
        var list = new ListPage(await OpenAsync(again));
        foreach (var server in stored.Servers.Values)
            await Assertions.Expect(list.State(server.Assignment!.Spec.Name)).ToHaveTextAsync("Offline");
        await Assertions.Expect(list.State("Made while it ran")).ToHaveTextAsync("Running");
        Assert.Equal(container, await Docker.InspectAsync(id, "{{.Id}} {{.State.Pid}}"));
    }

    [Fact]
    public async Task A_fleet_whose_Redis_was_lost_comes_back_and_no_game_notices_though_the_backup_is_older()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var server = await fleet.RunServerAsync("h1", "before");
        var settings = fleet["c1"].Settings;
        var saved = await RunAsync(settings, "backup");
        Assert.True((await server.UpdateAsync((await server.GetSpecAsync())! with { Name = "after" })).IsAccepted);
        var later = await fleet.RunServerAsync("h1", "later");
        await Eventually.GetAsync(fleet.Fleet.ListServersAsync, servers => servers.Any(each => each.Name == "after"));
        var running = await ContainersAsync(server.Id, later.Id);

        var whileItWorks = await RunAsync(settings, "restore");
        await fleet["c1"].KillAsync();
        await fleet.Redis.EmptyAsync();
        var restored = await RunAsync(settings, "restore");
        await fleet["c1"].LaunchAsync();

        Assert.Equal((0, ""), (saved.ExitCode, saved.Error));
        Assert.Contains("WINGS_REDIS: control:c1 is at work on it. Nothing was restored.", whileItWorks.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        // What the host knows is newer wins; of what the backup has never heard a person decides.
        await Eventually.GetAsync(ListAsync, servers => servers.Order().SequenceEqual(["after True False", "later True True"]));
        Assert.Equal(running, await ContainersAsync(server.Id, later.Id));
        await Eventually.GetAsync(() => later.AdoptAsync(new HostId("h1")), result => result.IsAccepted);
        await Eventually.GetAsync(ListAsync, servers => servers.Order().SequenceEqual(["after True False", "later True False"]));
        Assert.Equal(running, await ContainersAsync(server.Id, later.Id));

        async Task<string[]> ListAsync()
        {
            try
            {
                return [.. (await fleet.Fleet.ListServersAsync()).Select(each => $"{each.Name} {each.State == PowerState.Running} {each.IsUnclaimed}")];
            }
            catch (Exception e) when (e is StoreUnreachableException or OrleansException or TimeoutException)
            {
                return [];
            }
        }
    }

    private async Task<string> ContainersAsync(params ServerId[] servers)
        => string.Join('\n', await Task.WhenAll(servers.Select(server => Docker.InspectAsync(server.ToString(), "{{.Id}} {{.State.Pid}} {{.State.Status}}"))));

    private Task<CommandResult> RunAsync(IEnumerable<KeyValuePair<string, string>> settings, string command)
    {
        var start = new ProcessStartInfo(PublishedProgram.Path, [command, Saved]) { WorkingDirectory = "/" };
        return Command.TryAsync(start.WithOnly(settings));
    }
}

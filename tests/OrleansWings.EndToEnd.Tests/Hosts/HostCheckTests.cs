namespace OrleansWings.EndToEnd.Tests.Hosts;

/// <summary>What somebody did behind the program's back on the host is found, named and repaired; what is not ours is never touched.</summary>
public sealed class HostCheckTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task Changed_limits_and_a_second_container_are_found_and_repaired_and_strangers_stay()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Watched", MemoryMiB = "64" });
        await page.StartAsync();
        await page.PressAsync("Restart");
        var id = page.Id;
        await Eventually.GetAsync(() => Docker.InspectAsync(id, "{{index .Config.Labels \"orleanswings.run\"}}"), run => run == "2");
        await page.WaitForStateAsync("Running");
        var cluster = await Docker.InspectAsync(id, "{{index .Config.Labels \"orleanswings.cluster\"}}");

        // The host sees to it by itself within a minute; after that there is a minute in which nobody but this test looks.
        await SetMemoryAsync(id, "96m");
        await Eventually.GetAsync(() => Docker.InspectAsync(id, "{{.HostConfig.Memory}}"), memory => memory == $"{64 << 20}", TimeSpan.FromMinutes(3));
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.GetByText("The limits had been changed outside of OrleansWings (memory, swap) and were set again.")).ToBeVisibleAsync();

        var (second, orphan, stranger) = ($"second-{id[^6..]}", $"orphan-{id[^6..]}", $"stranger-{id[^6..]}");
        await RunAsync(second, cluster!, id, "1");
        var lost = Guid.NewGuid().ToString();
        await RunAsync(orphan, cluster!, lost, "1", "--env", "STARTUP=game", "--mount", $"type=bind,source={Directory.CreateDirectory(Path.Combine(program.Data, "volumes", lost)).FullName},target=/home/container");
        await RunAsync(stranger, Guid.NewGuid().ToString(), id, "1");
        await SetMemoryAsync(id, "128m");

        await tab.GoAsync("/hosts/here");
        var card = tab.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Check", Exact = true });
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Look now" }).ClickAsync();
        await Assertions.Expect(card.Locator("li")).ToHaveCountAsync(3);
        await Assertions.Expect(card).ToContainTextAsync($"Container {second} runs although a later run of its server has taken its place");
        await Assertions.Expect(card).ToContainTextAsync($"Container {orphan} is of a server that this host does not know");
        await Assertions.Expect(card).ToContainTextAsync($"Container {id} has other limits than were set (memory, swap): somebody changed them outside of OrleansWings.");
        Assert.Equal("running", await Docker.StatusAsync(second));

        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Repair" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("It was removed.");
        await Assertions.Expect(card).ToContainTextAsync("They were set again.");
        await Assertions.Expect(card).ToContainTextAsync("It is left alone: adopt its server, or remove it.");
        Assert.Equal($"{64 << 20} {64 << 20}", await Docker.InspectAsync(id, "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}"));
        Assert.Equal(("running", "running", "running"), (await Docker.StatusAsync(id), await Docker.StatusAsync(orphan), await Docker.StatusAsync(stranger)));
        Assert.DoesNotContain(second, await Docker.RunAsync("ps", "-a", "--format", "{{.Names}}"), StringComparison.Ordinal);

        await Docker.RunAsync("rm", "-f", stranger);
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Adopt" }).ClickAsync();
        await Assertions.Expect(card.Locator("li")).ToHaveCountAsync(2);
        await tab.GoAsync($"/servers/{lost}");
        var adopted = new ServerPage(tab);
        await adopted.WaitForStateAsync("Running");
        await adopted.SendAsync("echo still the same game");
        await adopted.WaitForLineAsync("Unknown command: echo still the same game");
        Assert.Equal("running", await Docker.StatusAsync(lost));
        await tab.GoAsync("/hosts/here");
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Look now" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("All is as it should be.");
        await tab.GoAsync($"/servers/{lost}");
        await adopted.PressAsync("Kill");
        await adopted.WaitForStateAsync("Offline");
    }

    [Fact]
    public async Task An_orphaned_container_is_removed_when_a_person_says_so_twice_and_its_files_stay()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Known" });
        await page.StartAsync();
        await page.WaitForStateAsync("Running");
        var id = page.Id;
        var cluster = await Docker.InspectAsync(id, "{{index .Config.Labels \"orleanswings.cluster\"}}");
        var lost = Guid.NewGuid().ToString();
        var files = Directory.CreateDirectory(Path.Combine(program.Data, "volumes", lost)).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "world"), "of a player");
        await RunAsync(lost, cluster!, lost, "1", "--mount", $"type=bind,source={files},target=/home/container");

        await tab.GoAsync("/hosts/here");
        var card = tab.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Check", Exact = true });
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Look now" }).ClickAsync();
        await Assertions.Expect(card.Locator("li")).ToHaveCountAsync(1);
        await PressAsync("Remove");
        await Assertions.Expect(card).ToContainTextAsync("The game in it ends. Its files stay on the host.");
        await PressAsync("Keep");
        Assert.Equal("running", await Docker.StatusAsync(lost));
        await PressAsync("Remove");
        await PressAsync("Remove for good");

        await Assertions.Expect(card.Locator("li")).ToHaveCountAsync(0);
        Assert.Null(await Docker.StatusAsync(lost));
        Assert.Equal("of a player", await File.ReadAllTextAsync(Path.Combine(files, "world")));
        Assert.Equal("running", await Docker.StatusAsync(id));
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Look now" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("All is as it should be.");

        Task PressAsync(string button) => card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
    }

    private Task<string> SetMemoryAsync(string id, string memory) => Docker.RunAsync("update", "--memory", memory, "--memory-swap", memory, id);

    private Task<string> RunAsync(string name, string cluster, string server, string run, params string[] more) => Docker.RunAsync([
        "run", "-d", "-i", "-t", "--name", name, "--label", $"orleanswings.cluster={cluster}", "--label", "orleanswings.kind=server", "--label", $"orleanswings.server-id={server}",
        "--label", $"orleanswings.run={run}", "--label", "orleanswings.epoch=1", .. more, RealEngine.Image, "game"]);
}

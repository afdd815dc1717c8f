namespace OrleansWings.EndToEnd.Tests.Servers;

public sealed class DeletionTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_deleted_server_leaves_its_files_in_the_trash_and_its_port_free_and_comes_back_with_both()
    {
        const int Port = 28020;
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Gone", Port = Port });
        await page.StartAsync();
        await page.SendAsync("run echo precious > /home/container/world");
        await page.WaitForLineAsync("run over");
        var (id, list) = (page.Id, new ListPage(tab));
        var (volume, trash) = (Path.Combine(program.Data, "volumes", id, "world"), Path.Combine(program.Data, "trash", id, "world"));
        Assert.Equal("precious\n", await File.ReadAllTextAsync(volume));

        await page.DeleteAsync();
        await Eventually.GetAsync(() => Docker.StatusAsync(id), status => status is null);
        await Eventually.TrueAsync(() => File.Exists(trash) && !File.Exists(volume));
        await Assertions.Expect(list.Row("Gone")).ToHaveCountAsync(0);
        await tab.Page.Locator(".mud-snackbar").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(list.State("Gone")).ToHaveTextAsync("Offline");
        await Eventually.TrueAsync(() => File.Exists(volume) && !File.Exists(trash));
        await list.Button("Start", "Gone").ClickAsync();
        await Assertions.Expect(list.State("Gone")).ToHaveTextAsync("Running");

        await tab.GoAsync($"/servers/{id}");
        await page.DeleteAsync();
        await Assertions.Expect(list.Row("Gone")).ToHaveCountAsync(0);
        await Eventually.TrueAsync(() => File.Exists(trash));

        // Its port is free: another server takes it, and then the deleted one cannot come back with it.
        var other = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Successor", Port = Port });
        await tab.GoAsync("/trash");
        await RestoreAsync(tab);
        await Assertions.Expect(tab.Notice($"0.0.0.0:{Port} is held by the server Successor.")).ToBeVisibleAsync();
        await tab.Page.GoBackAsync();
        await Assertions.Expect(other.Heading).ToHaveTextAsync("Successor");
        await other.DeleteAsync();
        await Assertions.Expect(list.Row("Successor")).ToHaveCountAsync(0);
        await Eventually.TrueAsync(() => Directory.Exists(Path.Combine(program.Data, "trash")) && Directory.GetDirectories(Path.Combine(program.Data, "volumes")).Length == 0);

        await tab.GoAsync("/trash");
        await RestoreAsync(tab);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "Gone" })).ToHaveCountAsync(0);
        await Eventually.TrueAsync(() => File.Exists(volume));
        Assert.Equal("precious\n", await File.ReadAllTextAsync(volume));
        await list.OpenAsync();
        await Assertions.Expect(list.State("Gone")).ToHaveTextAsync("Offline");
    }

    private static Task RestoreAsync(Tab tab)
        => tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Restore Gone" }).ClickAsync();
}

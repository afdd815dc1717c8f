namespace OrleansWings.EndToEnd.Tests.DataFolders;

public sealed class FullDiskTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task On_a_full_disk_consoles_stay_live_and_what_cannot_be_stored_is_refused_in_words()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        var disk = Own(await SmallDisk.MountAsync(mebibytes: 32));
        var program = await StartProgramAsync(dataFolder: disk.Data, settings: ("WINGS_CONSOLE_THROTTLE_LINES", "0"));
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Full" });
        var id = page.Id;
        await page.StartAsync();
        await page.SendAsync("before");
        await page.WaitForLineAsync("Unknown command: before");

        disk.Fill();
        // More than what still fits into the last page of the journal.
        await page.SendAsync("flood 2000");
        await page.WaitForLineAsync("flood over");
        await page.SendAsync("while it is full");
        await page.WaitForLineAsync("Unknown command: while it is full");
        await page.WaitForLineAsync("The console cannot be written to disk");

        // More than what may still fit into a page that the files have already.
        var create = new CreatePage(tab);
        var large = new string('x', 16_000);
        var settings = new GameSettings { Name = "Late", Startup = "game " + large, Environment = new Dictionary<string, string> { ["LARGE"] = large + large } };
        await tab.GoAsync("/servers/new");
        await create.FillAsync(settings);
        await create.Submit.ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".form-end").GetByRole(AriaRole.Alert)).ToHaveTextAsync("Nothing was done: it could not be stored. The disk is full.");
        Assert.False(program.HasExited);

        // A wrong password is counted in memory, and the right one is let in after it.
        var stranger = await OpenStrangerAsync(program);
        await stranger.Page.GotoAsync("/sign-in");
        await new SignInPage(stranger).SignInAsync("admin", "not the password");
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("or what a sign-in needs cannot be written down");
        await new SignInPage(stranger).SignInAsync("admin", WingsProgram.Password);
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Servers", Level = 1 })).ToBeVisibleAsync();

        disk.Empty();
        // What was typed is still there, and goes through now.
        await create.SubmitAsync();
        await tab.GoAsync($"/servers/{id}");
        await page.WaitForLineAsync("The console is written to disk again; nothing was lost.");
        await page.SendAsync("after");
        await page.WaitForLineAsync("Unknown command: after");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
        Assert.Contains("Unknown command: while it is full", Consoles.JournalFiles.Text(Consoles.JournalFiles.Read(program, id, run: 1)));
    }
}

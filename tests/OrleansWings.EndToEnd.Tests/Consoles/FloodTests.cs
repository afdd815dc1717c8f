using OrleansWings.Consoles;

namespace OrleansWings.EndToEnd.Tests.Consoles;

public sealed class FloodTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private const int Lines = 60_000;

    [Fact]
    public async Task A_program_killed_in_a_flood_leaves_no_hole_in_the_browser_and_none_in_the_journal()
    {
        var program = await StartProgramAsync(settings: ("WINGS_CONSOLE_THROTTLE_LINES", "0"));
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Flood" });
        await page.StartAsync();
        var container = await Docker.IdAsync(page.Id);

        // A pause after each thousand, so that it goes on while the program is away and after it is back.
        await page.SendAsync($$"""run awk 'BEGIN { for (i = 1; i <= {{Lines}}; i++) { print "flood " i; if (i % 1000 == 0) { fflush(); system("sleep 0.2") } } }'""");
        await Eventually.TrueAsync(() => FloodCheck.LastIn(tab.Terminal.Text) > 5_000);
        using (tab.Outage())
        {
            await program.KillAsync();
            var seen = FloodCheck.LastIn(await Docker.RunAsync("logs", "--tail", "5", page.Id));
            await program.StartAsync();
            Assert.InRange(seen, 1, Lines - 1);
            await Eventually.TrueAsync(() => tab.Terminal.Texts.Count > 1);
        }

        await page.WaitForLineAsync("run over");
        await page.WaitForStateAsync("Running");
        Assert.Equal(container, await Docker.IdAsync(page.Id));
        Assert.Equal(Lines, FloodCheck.LastIn(await Docker.RunAsync("logs", "--tail", "50", page.Id)));

        var shown = new FloodCheck();
        foreach (var (text, i) in tab.Terminal.Texts.Select((text, i) => (text, i)))
            shown.Read(text, isAfterReload: i > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{tab.Terminal.Texts.Count} terminals; gaps shown: {string.Join(" | ", shown.Gaps)}");
        Assert.Empty(shown.Faults);
        Assert.Equal(Lines, shown.Last);

        var journal = JournalFiles.Read(program, page.Id, run: 1);
        var kept = new FloodCheck().Read(JournalFiles.Text(journal));
        Assert.Empty(kept.Faults);
        Assert.Equal(Lines, kept.Last);
        Assert.DoesNotContain(journal, line => (line.Flags & ConsoleFlags.Gap) != 0);
    }
}

using OrleansWings.Consoles;

namespace OrleansWings.EndToEnd.Tests.Consoles;

/// <summary>The peer's fault 5: its throttle cannot be switched off, drops lines under one notice, and often the last line.</summary>
public sealed class ThrottleTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private const int Lines = 200_000;

    [Fact]
    public async Task What_a_flood_leaves_out_is_counted_where_it_is_missing_and_its_last_line_is_shown()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        for (var round = 1; round <= 3; round++)
        {
            var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = $"Loud {round}" });
            await page.StartAsync();
            var kept = await FloodAsync(program, tab, page);
            TestContext.Current.TestOutputHelper?.WriteLine($"{kept.Gaps.Count} times: {kept.Gaps.FirstOrDefault()}");
            Assert.NotEmpty(kept.Gaps);
            await page.WaitForLineAsync("skipped here: the server said more than 2,000 within 100 ms.");
            await page.SendAsync("after the flood");
            await page.WaitForLineAsync("Unknown command: after the flood");
        }
    }

    [Fact]
    public async Task Switched_off_it_leaves_nothing_out()
    {
        var program = await StartProgramAsync(settings: ("WINGS_CONSOLE_THROTTLE_LINES", "0"));
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Loud" });
        await page.StartAsync();
        Assert.Empty((await FloodAsync(program, tab, page)).Gaps);
    }

    // What the page showed may leave out more, for a viewer who is too far behind, and says so; the journal has what the throttle let through.
    private static async Task<FloodCheck> FloodAsync(WingsProgram program, Tab tab, ServerPage page)
    {
        var before = tab.Terminal.Text.Length;
        await page.SendAsync($$"""run awk 'BEGIN { for (i = 1; i <= {{Lines}}; i++) print "flood " i }'""");
        await page.WaitForLineAsync("run over");
        var shown = new FloodCheck().Read(WithLast(tab.Terminal.Text[before..]));
        Assert.Equal(Lines + 1, shown.Last);

        var kept = new FloodCheck().Read(WithLast(string.Concat(JournalFiles.Read(program, page.Id, run: 1).Select(Describe))));
        Assert.Empty(kept.Faults);
        Assert.Equal(Lines + 1, kept.Last);
        return kept;
    }

    // What the game says after its flood is the last line of the burst.
    private static string WithLast(string text) => text.Replace("\nrun over", $"\nflood {Lines + 1}");

    private static string Describe(ConsoleLine line)
        => ((line.Flags & ConsoleFlags.Gap) != 0 ? "… " : "") + System.Text.Encoding.UTF8.GetString(line.Bytes.Span).Replace("\e[33m", "") + (line.IsPartial ? "" : "\n");
}

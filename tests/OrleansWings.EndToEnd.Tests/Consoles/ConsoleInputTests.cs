namespace OrleansWings.EndToEnd.Tests.Consoles;

public sealed class ConsoleInputTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    private static readonly byte[] s_noText = [0xff, 0xfe, 0x80];

    [Fact]
    public async Task A_command_to_a_stopped_server_is_refused_in_words_and_kept_in_the_box()
    {
        var page = await CreateAsync("Silent");
        await page.SendAsync("hello");
        await Assertions.Expect(page.Refusal).ToHaveTextAsync("The server is offline: there is no process to read the command.");
        await Assertions.Expect(page.CommandBox).ToHaveValueAsync("hello");
    }

    [Fact]
    public async Task A_pasted_line_break_is_refused_and_nothing_of_it_reaches_the_game()
    {
        var page = await CreateAsync("Pasted");
        await page.StartAsync();
        await page.SendAsync("first\nsecond");
        await Assertions.Expect(page.Refusal).ToContainTextAsync("this one has a line break in it");
        await page.SendAsync("third");
        await page.WaitForLineAsync("Unknown command: third");
        Assert.DoesNotContain(await page.LinesAsync(), line => line.Contains("first", StringComparison.Ordinal) || line.Contains("second", StringComparison.Ordinal));
        await Assertions.Expect(page.Refusal).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_and_bytes_that_are_no_text_pass_through()
    {
        const int Length = 10 * 1024 * 1024;
        var page = await CreateAsync("Odd");
        await page.StartAsync();
        await page.SendAsync($"long {Length}");
        await page.WaitForLineAsync("long over");
        await page.SendAsync("raw");
        // What is no text shows as U+FFFD; the journal has every byte of it.
        await page.WaitForLineAsync("raw \uFFFD\uFFFD\uFFFD caf\uFFFD");

        var program = await shared.GetAsync();
        var journal = JournalFiles.Read(program, page.Id, run: 1);
        Assert.Equal(Length, journal.Sum(line => line.Bytes.Span.Count((byte)'x')));
        Assert.Contains(journal, line => line.Bytes.Span.IndexOf(s_noText) >= 0);

        await page.SendAsync("stop");
        await page.WaitForStateAsync("Offline");
    }

    [Fact]
    public async Task A_prompt_without_a_line_end_shows_and_the_history_brings_a_command_back()
    {
        var page = await CreateAsync("Prompt");
        await page.StartAsync();
        await page.SendAsync("prompt");
        await page.WaitForLineAsync("name? ");
        await page.SendAsync("Anna");
        await page.WaitForLineAsync("hello Anna");
        await page.CommandBox.PressAsync("ArrowUp");
        await page.CommandBox.PressAsync("ArrowUp");
        await Assertions.Expect(page.CommandBox).ToHaveValueAsync("prompt");
    }

    [Theory]
    [InlineData("S")]
    [InlineData("L")]
    [InlineData("b")]
    public async Task A_game_that_asks_for_a_billion_of_something_does_not_stop_the_page(string final)
    {
        var page = await CreateAsync("Greedy");
        await page.StartAsync();
        await page.SendAsync($"run printf 'before\\033[999999999{final}\\n'");
        await page.WaitForLineAsync("before");
        await page.SendAsync("after");
        await page.WaitForLineAsync("Unknown command: after");
    }

    [Fact]
    public async Task A_run_that_left_its_screen_in_disorder_does_not_spoil_the_next_one_nor_take_the_mouse()
    {
        var page = await CreateAsync("Untidy");
        await page.StartAsync();
        await page.SendAsync("run printf '\\033[?1003h\\033[?1049h\\033(0in lines\\n\\033]0;never ended'; exit 0");
        await page.WaitForStateAsync("Offline");
        await page.StartAsync();
        await page.WaitForLineAsync("Starting game");
        await Assertions.Expect(page.Tab.Page.Locator(".xterm")).ToBeVisibleAsync();
        await Assertions.Expect(page.Tab.Page.Locator(".xterm.enable-mouse-events")).ToHaveCountAsync(0);
    }

    private async Task<ServerPage> CreateAsync(string name)
        => await CreatePage.CreateAsync(await OpenAsync(await shared.GetAsync()), new GameSettings { Name = name });
}

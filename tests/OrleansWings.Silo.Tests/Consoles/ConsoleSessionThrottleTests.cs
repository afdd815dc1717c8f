namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleSessionThrottleTests : IAsyncDisposable
{
    private readonly SessionTesting _test = new(throttleLines: 3);
    private readonly List<string> _read = [];

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Burst_ThenSilence_NamesTheSkippedAndShowsTheLast()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\nthe end\r\n");
        Assert.Equal(["1", "2", "3"], _test.Texts);

        _test.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["1", "2", "3", Skipped("3 lines were"), "the end"], _test.Texts);
    }

    [Fact]
    public async Task Burst_EachLineIsReadByWhoeverWaitsForOne()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\nDone!\r\n6\r\n");
        Assert.Equal(["1", "2", "3", "4", "Done!", "6"], _read);
    }

    [Fact]
    public async Task Burst_OverManyPeriods_EachNamesItsOwn()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\n5\r\n");
        _test.Time.Advance(TimeSpan.FromMilliseconds(100));
        await _test.SayAsync("6\r\n7\r\n8\r\n9\r\n10\r\n11\r\n");
        _test.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["1", "2", "3", Skipped("1 line was"), "5", "6", "7", "8", Skipped("2 lines were"), "11"], _test.Texts);
    }

    [Fact]
    public async Task Burst_EndsInAPrompt_TheLastLineAndThePromptAreShown()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\n5\r\n> ");
        _test.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(["1", "2", "3", Skipped("1 line was"), "5", "> …"], _test.Texts);
    }

    [Fact]
    public async Task Burst_ThenThePlatformSpeaks_ItsWordIsLast()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\n5\r\n");
        _test.Session.WriteWings("Hello");
        Assert.Equal(["1", "2", "3", Skipped("1 line was"), "5", "\e[33m[OrleansWings] Hello\e[0m"], _test.Texts);
    }

    [Fact]
    public async Task Burst_ThenTheTerminalEnds_TheLastIsShown()
    {
        await BeginAsync();
        _test.Engine.Say("1\r\n2\r\n3\r\n4\r\n5\r\nkilled by a bug\r\n");
        await _test.ReadUpAsync();
        await _test.Session.DetachAsync();
        Assert.Equal(["1", "2", "3", Skipped("2 lines were"), "killed by a bug"], _test.Texts);
    }

    [Fact]
    public async Task Killed_WithABurstBehindIt_GoesOnAfterTheLastLineThatIsShown()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n");
        _test.Time.Advance(TimeSpan.FromMilliseconds(100));
        await _test.KillAsync();
        _test.Engine.Say("7\r\n");
        await _test.RejoinAsync();
        Assert.Equal(["1", "2", "3", Skipped("2 lines were"), "6", "7"], _test.Texts);
    }

    [Fact]
    public async Task Killed_WithinABurst_TheHeldAreReadFromTheEnginesLog()
    {
        await BeginAsync();
        await _test.SayAsync("1\r\n2\r\n3\r\n4\r\n5\r\n");
        var shown = _test.Texts;
        Assert.Equal(["1", "2", "3"], shown);
        await _test.KillAsync();
        await _test.RejoinAsync();
        Assert.Equal(["1", "2", "3", "4", "5"], _test.Texts);
    }

    [Fact]
    public async Task LinesThatAreTooLong_AreSaidToBeThat()
    {
        await BeginAsync();
        // 24 KiB pass at once, as three lines may be said.
        await _test.SayAsync($"{new string('x', 25 * 1024)}\r\n2\r\n3\r\n");
        _test.Time.Advance(TimeSpan.FromMilliseconds(100));
        await _test.ReadUpAsync();
        Assert.Equal(
            ["\e[33m[OrleansWings] 1 line was skipped here: the server said more than 3 KiB within 100 ms, again and again (of a long line each 64 KiB count).\e[0m", "3"],
            _test.Texts[1..]);
    }

    private async Task BeginAsync()
    {
        _test.Session.LineRead += _read.Add;
        await _test.Session.AttachAsync("game", default);
    }

    private static string Skipped(string count) => $"\e[33m[OrleansWings] {count} skipped here: the server said more than 3 within 100 ms.\e[0m";
}

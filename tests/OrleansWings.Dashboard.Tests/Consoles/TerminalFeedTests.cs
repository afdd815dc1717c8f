using System.Buffers;
using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.Consoles;
using static OrleansWings.Dashboard.Tests.Consoles.Batches;

namespace OrleansWings.Dashboard.Tests.Consoles;

public sealed class TerminalFeedTests
{
    [Fact]
    public void Append_WholeLine_KeepsBytesAndEndsLine()
    {
        var output = new ArrayBufferWriter<byte>();
        byte[] raw = [0x1b, (byte)'[', (byte)'3', (byte)'1', (byte)'m', 0xff, 0xfe, (byte)'x'];

        Assert.True(new TerminalFeed().Append(output, new ConsoleLine(new(1, 5), At, ConsoleSource.Game, ConsoleFlags.None, raw)));

        Assert.Equal([.. raw, (byte)'\r', (byte)'\n'], output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Append_PartialThenRest_StaysOnOneLine()
        => Assert.Equal("> say hi\r\n", Shown(null, Line(1, 5, "> ", flags: ConsoleFlags.Partial), Line(1, 6, "say hi")));

    [Fact]
    public void Append_PlatformsLineAfterPrompt_BeginsOwnLine()
        => Assert.Equal("> \r\nstopping\r\n", Shown(null, Line(1, 5, "> ", flags: ConsoleFlags.Partial), Line(1, 6, "stopping", ConsoleSource.Wings)));

    [Fact]
    public void Append_PlatformsLine_IsStyled()
    {
        var output = new ArrayBufferWriter<byte>();
        new TerminalFeed().Append(output, Line(1, 5, "pulling", ConsoleSource.Wings));
        Assert.Equal("\e[0;36mpulling\e[0m\r\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Append_Twice_WritesOnce()
    {
        var feed = new TerminalFeed();
        var output = new ArrayBufferWriter<byte>();
        Assert.True(feed.Append(output, Line(1, 5, "a")));
        Assert.False(feed.Append(output, Line(1, 5, "a")));
        Assert.False(feed.Append(output, Line(1, 4, "before")));
        Assert.Equal("a\r\n", Plain(output.WrittenSpan));
    }

    [Fact]
    public void Append_FirstAnywhere_SaysNoGap()
        => Assert.Equal("a\r\n", Shown(null, Line(3, 500, "a")));

    [Fact]
    public void Append_FirstRecordOfRun_SaysRun()
        => Assert.Equal("──── run 3 · 2026-11-23 14:03:22 UTC ────\r\na\r\n", Shown(null, Line(3, 1, "a")));

    [Fact]
    public void Append_HoleInNumbers_NamesIt()
        => Assert.Equal("a\r\n… lines 12–40 are no longer kept …\r\nb\r\n", Shown(null, Line(1, 11, "a"), Line(1, 41, "b")));

    [Fact]
    public void Append_HoleOfOne_NamesIt()
        => Assert.Equal("a\r\n… line 12 is no longer kept …\r\nb\r\n", Shown(null, Line(1, 11, "a"), Line(1, 13, "b")));

    [Fact]
    public void Append_ResumedLaterThanAsked_NamesHole()
        => Assert.Equal("… lines 5–9 are no longer kept …\r\na\r\n", Shown(new TerminalFeed(new ConsolePosition(2, 5)), Line(2, 10, "a")));

    [Fact]
    public void Append_ResumedWhereAsked_SaysNothing()
        => Assert.Equal("a\r\n", Shown(new TerminalFeed(new ConsolePosition(2, 5)), Line(2, 5, "a")));

    [Fact]
    public void Append_ResumedShortened_SaysSkipped()
        => Assert.Equal("… lines 5–9 were skipped: too many to show again …\r\na\r\n", Shown(new TerminalFeed(new ConsolePosition(2, 5), isShortened: true), Line(2, 10, "a")));

    [Fact]
    public void Append_NewRunFromItsMiddle_NamesHoleAndRun()
        => Assert.Equal(
            "a\r\n… lines 1–6 are no longer kept …\r\n──── run 2 · 2026-11-23 14:03:22 UTC ────\r\nb\r\n",
            Shown(null, Line(1, 11, "a"), Line(2, 7, "b")));

    [Fact]
    public void Append_NewRun_LeavesOtherScreenAndColours()
    {
        var feed = new TerminalFeed();
        var output = new ArrayBufferWriter<byte>();
        feed.Append(output, Line(1, 3, "\e[?1049h\e[31mvi"));
        output.ResetWrittenCount();
        feed.Append(output, Line(2, 1, "b"));
        Assert.StartsWith("\e[0m\e[?1049l\e[?25h", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Append_GapRecord_IsNotice()
        => Assert.Equal("… 12 lines were lost while the program was down …\r\n", Shown(null,
            Line(1, 5, "12 lines were lost while the program was down", ConsoleSource.Wings, ConsoleFlags.Gap)));

    [Fact]
    public void AppendSkip_Records_NamedAndGoesOnBehind()
    {
        var feed = new TerminalFeed();
        var output = new ArrayBufferWriter<byte>();
        feed.Append(output, Line(1, 10, "a"));
        feed.AppendSkip(output, new SkippedRecords(new(1, 11), new(1, 500)));
        feed.Append(output, Line(1, 501, "b"));
        Assert.Equal("a\r\n… lines 11–500 were skipped: this page was too far behind …\r\nb\r\n", Plain(output.WrittenSpan));
    }

    [Fact]
    public void AppendSkip_OverTwoRuns_NamesBoth()
    {
        var output = new ArrayBufferWriter<byte>();
        new TerminalFeed().AppendSkip(output, new SkippedRecords(new(1, 11), new(2, 4)));
        Assert.Equal("… lines 11 of run 1 to 4 of run 2 were skipped: this page was too far behind …\r\n", Plain(output.WrittenSpan));
    }

    private static string Shown(TerminalFeed? feed, params ConsoleLine[] lines)
    {
        feed ??= new TerminalFeed();
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
            feed.Append(output, line);
        return Plain(output.WrittenSpan);
    }
}

using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.Consoles;
using static OrleansWings.Dashboard.Tests.Consoles.Batches;

namespace OrleansWings.Dashboard.Tests.Consoles;

public sealed class TerminalChunkerTests
{
    [Fact]
    public void Next_NothingWaits_IsNull()
        => Assert.Null(new TerminalChunker(new TerminalFeed(), 100).Next(new ConsoleBacklog()));

    [Fact]
    public void Next_ManyBatches_AreOneChunkWithLastPlace()
    {
        var backlog = new ConsoleBacklog();
        backlog.Add(Batch(1, 2, 10));
        backlog.Add(Batch(1, 12, 5));
        var chunk = new TerminalChunker(new TerminalFeed(), 100).Next(backlog)!;
        Assert.Equal(1, chunk.Number);
        Assert.Equal(new ConsolePosition(1, 16), chunk.Last);
        Assert.Equal(new ConsolePosition(1, 2), chunk.FirstShown);
        Assert.StartsWith("line 2\r\nline 3\r\n", Encoding.UTF8.GetString(chunk.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Next_MoreThanAChunk_IsCutAndLosesNothing()
    {
        var backlog = new ConsoleBacklog();
        for (var i = 0; i < 10; i++)
            backlog.Add(Batch(1, 2 + i * 500, 500, size: 60));
        var chunker = new TerminalChunker(new TerminalFeed(), 10_000);
        var text = new StringBuilder();
        var number = 0L;
        while (chunker.Next(backlog) is { } chunk)
        {
            Assert.Equal(++number, chunk.Number);
            Assert.True(chunk.Bytes.Length <= TerminalChunker.ChunkSize + 100);
            text.Append(Encoding.UTF8.GetString(chunk.Bytes));
        }

        Assert.True(number > 3);
        Assert.Equal(Enumerable.Range(2, 5000).Select(i => $"line {i}"), text.ToString().Split("\r\n").SkipLast(1).Select(line => line.TrimEnd()));
    }

    [Fact]
    public void Next_BeyondScrollback_FirstShownMovesOn()
    {
        var chunker = new TerminalChunker(new TerminalFeed(), 100);
        var backlog = new ConsoleBacklog();
        ConsolePosition? first = null;
        for (var i = 0; i < 10; i++)
        {
            backlog.Add(Batch(1, 2 + i * 60, 60));
            first = chunker.Next(backlog)!.FirstShown;
        }

        // 602 is the place after the last: the terminal shows 100 of the last 120.
        Assert.Equal(new ConsolePosition(1, 482), first);
    }

    [Fact]
    public void Next_Skipped_SaysItFirst()
    {
        var backlog = new ConsoleBacklog();
        for (var i = 0; i < 21; i++)
            backlog.Add(Batch(1, 2 + i * 1000, 1000));
        var chunk = new TerminalChunker(new TerminalFeed(), 100).Next(backlog)!;
        Assert.StartsWith("… lines 2–11001 were skipped: this page was too far behind …\r\nline 11002\r\n", Plain(chunk.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Next_SeenBefore_IsPassedOver()
    {
        var backlog = new ConsoleBacklog();
        var chunker = new TerminalChunker(new TerminalFeed(), 100);
        backlog.Add(Batch(1, 2, 10));
        chunker.Next(backlog);
        backlog.Add(Batch(1, 7, 5));
        Assert.Null(chunker.Next(backlog));
    }
}

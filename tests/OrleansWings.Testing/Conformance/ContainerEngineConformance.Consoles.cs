using System.Text;
using OrleansWings.Containers.Engines;
using Xunit;

namespace OrleansWings.Testing.Conformance;

public abstract partial class ContainerEngineConformance
{
    private const int FloodLines = 200_000;

    [Fact]
    public async Task Attach_NoSuchContainer_ThrowsContainerMissing()
        => await Assert.ThrowsAsync<ContainerMissingException>(() => Engine.AttachAsync(Guid.NewGuid().ToString("D"), Token));

    [Fact]
    public async Task Attachment_CommandWritten_IsEchoedAndAnswered()
    {
        var (_, console) = await RunAsync();
        await console.TypeAsync("dance twice", Token);
        await console.WaitForAsync("dance twice\r\nUnknown command: dance twice\r\n", Token);
    }

    [Fact]
    public async Task Attachment_KeysThatWouldDetach_ReachTheGame()
    {
        var (_, console) = await RunAsync();
        await console.TypeAsync("\u0010\u0011 dance", Token); // Ctrl-P Ctrl-Q
        await console.TypeAsync("still here", Token);
        await console.WaitForAsync("Unknown command: still here\r\n", Token);
    }

    [Fact]
    public async Task Attachment_Flood_IsComplete()
    {
        var (_, console) = await RunAsync();
        await console.TypeAsync($"flood {FloodLines}", Token);
        await console.WaitForAsync("flood over\r\n", Token);
        var expected = new StringBuilder();
        for (var line = 1; line <= FloodLines; line++)
            expected.Append("flood ").Append(line).Append("\r\n");
        Assert.EndsWith(expected + "flood over\r\n", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachment_ProcessEnds_ReadingEnds()
    {
        var (name, console) = await RunAsync();
        await EndAsync(name, console, "stop");
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.EndsWith("Stopping the server\r\n", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachment_PromptWithoutLineFeed_IsSeen()
    {
        var (_, console) = await RunAsync();
        await console.TypeAsync("prompt", Token);
        await console.WaitForAsync("name? ", Token);
        await console.TypeAsync("Ada", Token);
        await console.WaitForAsync("hello Ada\r\n", Token);
    }

    [Fact]
    public async Task Attachment_BytesThatAreNoText_AreKept()
    {
        var (_, console) = await RunAsync();
        await console.TypeAsync("raw", Token);
        await console.WaitForAsync(" caf", Token);
        await console.TypeAsync("end", Token);
        await console.WaitForAsync("command: end", Token);
        byte[] raw = [0xFF, 0xFE, 0x80, .. " caf"u8, 0xE9, .. "\r\n"u8];
        Assert.True(console.Bytes.AsSpan().IndexOf(raw) > 0);
    }

    [Fact]
    public async Task Attachment_Second_SeesTheSameFromThenOn()
    {
        var (name, first) = await RunAsync();
        var second = await TapAsync(name);
        await second.TypeAsync("from second", Token);
        await first.WaitForAsync("Unknown command: from second", Token);
        await second.WaitForAsync("Unknown command: from second", Token);
        Assert.DoesNotContain("Starting", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachment_Disposed_LeavesTheGameRunning()
    {
        var (name, console) = await RunAsync();
        await console.DisposeAsync();
        var again = await TapAsync(name);
        await again.TypeAsync("anybody", Token);
        await again.WaitForAsync("Unknown command: anybody", Token);
    }

    [Fact]
    public async Task ReadLog_Everything_EqualsTheConsole()
    {
        var (name, console) = await RunAsync();
        await console.TypeAsync("raw", Token);
        await console.TypeAsync("flood 5000", Token);
        await console.WaitForAsync("flood over\r\n", Token);
        await EndAsync(name, console, "stop");
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);

        var log = await ReadLogAsync(name, new LogQuery());
        Assert.Equal(console.Bytes, Join(log));
        Assert.All(log.Zip(log.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
    }

    [Fact]
    public async Task ReadLog_SinceAnEntry_BeginsWithIt()
    {
        var (name, console) = await RunAsync();
        await console.TypeAsync("first", Token);
        await console.WaitForAsync("command: first", Token);
        var before = await ReadLogAsync(name, new LogQuery());
        await console.TypeAsync("second", Token);
        await console.WaitForAsync("command: second", Token);
        await EndAsync(name, console, "stop");

        var since = await ReadLogAsync(name, new LogQuery(Since: before[^1].At));
        Assert.Equal(before[^1].At, since[0].At);
        Assert.Contains(since, entry => entry.Bytes.Span.SequenceEqual(before[^1].Bytes.Span));
        Assert.Contains("second", Encoding.UTF8.GetString(Join(since)), StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", Encoding.UTF8.GetString(Join(since)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadLog_Tail_IsTheLastLines()
    {
        var (name, console) = await RunAsync();
        await EndAsync(name, console, "stop");
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var tail = await ReadLogAsync(name, new LogQuery(Tail: 2));
        Assert.Equal("stop\r\nStopping the server\r\n", Encoding.UTF8.GetString(Join(tail)));
        Assert.Equal(2, tail.Count);
    }

    [Fact]
    public async Task ReadLog_LineLongerThanTheEnginesPieces_IsJoinedAgain()
    {
        var (name, console) = await RunAsync();
        await console.TypeAsync("long 100000", Token);
        await console.WaitForAsync("long over\r\n", Token);
        await EndAsync(name, console, "stop");
        await console.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);

        var log = await ReadLogAsync(name, new LogQuery());
        Assert.Equal(console.Bytes, Join(log));
        Assert.True(log.Count(entry => entry.Bytes.Span[^1] != '\n') >= 6);
    }

    // What a console is joined by after an absence: a prompt is in no log until its line ends, with the process at the latest.
    [Fact]
    public async Task ReadLog_UnendedLine_ComesWhenItEnds()
    {
        var (name, console) = await RunAsync();
        await console.TypeAsync("prompt", Token);
        await console.WaitForAsync("name? ", Token);
        Assert.DoesNotContain("name? ", Encoding.UTF8.GetString(Join(await ReadLogAsync(name, new LogQuery()))), StringComparison.Ordinal);
        var before = TimeProvider.System.GetUtcNow();
        await console.TypeAsync("Ada", Token);
        await console.WaitForAsync("hello Ada\r\n", Token);
        await EndAsync(name, console, "stop");

        var log = await ReadLogAsync(name, new LogQuery());
        var line = Assert.Single(log, entry => Encoding.UTF8.GetString(entry.Bytes.Span) == "name? Ada\r\n");
        Assert.True(line.At >= before - TimeSpan.FromMilliseconds(100), $"It is stamped {line.At:O}, before its end at {before:O}.");
    }

    [Fact]
    public async Task ReadLog_UnendedLineOfAnEndedProcess_IsThere()
    {
        var (name, console) = await RunAsync();
        await console.TypeAsync("prompt", Token);
        await console.WaitForAsync("name? ", Token);
        await Engine.KillAsync(name, "SIGKILL", Token);
        await Engine.WaitAsync(name, Token);

        Assert.EndsWith("name? ", Encoding.UTF8.GetString(Join(await ReadLogAsync(name, new LogQuery()))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadLog_NoSuchContainer_ThrowsContainerMissing()
        => await Assert.ThrowsAsync<ContainerMissingException>(() => ReadLogAsync(Guid.NewGuid().ToString("D"), new LogQuery()));

    protected async Task<List<LogEntry>> ReadLogAsync(string name, LogQuery query)
    {
        var entries = new List<LogEntry>();
        await foreach (var entry in Engine.ReadLogAsync(name, query, Token))
            entries.Add(entry);
        return entries;
    }

    private static byte[] Join(IEnumerable<LogEntry> log) => [.. log.SelectMany(entry => entry.Bytes.ToArray())];
}

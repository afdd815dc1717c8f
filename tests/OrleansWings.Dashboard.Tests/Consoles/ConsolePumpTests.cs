using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.Consoles;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Servers;
using static OrleansWings.Dashboard.Tests.Consoles.Batches;

namespace OrleansWings.Dashboard.Tests.Consoles;

public sealed class ConsolePumpTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private readonly FakeJournal _journal = new(Server, TimeProvider.System);
    private readonly CancellationTokenSource _end = new();

    [Fact]
    public async Task RunAsync_LinesComeInOrder_ToTheLast()
    {
        Fill(1, 3_000);
        var text = new StringBuilder();
        await RunAsync(chunk => text.Append(Plain(chunk.Bytes)), until: 3_000);
        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => $"line {i}"), Lines(text));
    }

    [Fact]
    public async Task RunAsync_WriteFailsOnce_SameChunkAgain()
    {
        Fill(1, 10);
        List<long> numbers = [];
        await RunAsync(chunk =>
        {
            numbers.Add(chunk.Number);
            if (numbers.Count == 1)
                throw new TaskCanceledException("The connection is away.");
        }, until: 10);
        Assert.Equal([1, 1], numbers);
    }

    [Fact]
    public async Task RunAsync_FeedBreaks_GoesOnAtNextLine()
    {
        Fill(1, 10);
        var text = new StringBuilder();
        List<bool> connections = [];
        await RunAsync(chunk =>
        {
            text.Append(Plain(chunk.Bytes));
            if (chunk.Last.Sequence == 10)
                Fill(11, 20);
        }, until: 20, feeds: new BreakingFeeds(_journal), onConnection: connections.Add);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"line {i}"), Lines(text));
        Assert.Contains(false, connections);
        Assert.True(connections[^1]);
    }

    [Fact]
    public async Task RunAsync_TerminalFarBehind_SkipsAndSaysWhich()
    {
        Fill(1, 10);
        var text = new StringBuilder();
        var isFirst = true;
        await RunAsync(async chunk =>
        {
            text.Append(Plain(chunk.Bytes));
            if (!isFirst)
                return;
            isFirst = false;
            Fill(11, 60_000);
            await Task.Delay(TimeSpan.FromSeconds(2));
        }, until: 60_000);
        Assert.Contains("… lines 11–", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("line 59999\r\nline 60000\r\n", text.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines(StringBuilder text)
        => text.ToString().Split("\r\n").Where(line => line.StartsWith("line", StringComparison.Ordinal));

    private void Fill(int first, int last)
    {
        for (var i = first; i <= last; i++)
            _journal.Write(Encoding.UTF8.GetBytes($"line {i}"));
    }

    private Task RunAsync(Action<TerminalChunk> write, long until, IConsoleFeeds? feeds = null, Action<bool>? onConnection = null)
        => RunAsync(chunk =>
        {
            write(chunk);
            return Task.CompletedTask;
        }, until, feeds, onConnection);

    private async Task RunAsync(Func<TerminalChunk, Task> write, long until, IConsoleFeeds? feeds = null, Action<bool>? onConnection = null)
    {
        var done = new TaskCompletionSource();
        var pump = new ConsolePump(feeds ?? new JournalFeeds(_journal), TimeProvider.System, NullLogger<ConsolePump>.Instance);
        var running = pump.RunAsync(Server, ConsoleStart.Newest with { Cursor = ConsoleCursor.From(ConsolePosition.Start) }, 10_000, async chunk =>
        {
            await write(chunk);
            if (chunk.Last.Sequence >= until)
                done.TrySetResult();
        }, onConnection ?? (_ => { }), _end.Token);
        await Task.WhenAny(done.Task, running).WaitAsync(s_timeout);
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private class JournalFeeds(FakeJournal journal) : IConsoleFeeds
    {
        public virtual IAsyncEnumerable<ConsoleBatch> WatchAsync(ServerId server, ConsoleCursor from, CancellationToken cancellationToken)
            => journal.WatchAsync(from, cancellationToken);

        public Task<ConsolePage> ReadAsync(ServerId server, ConsoleCursor from, int maxBytes, CancellationToken cancellationToken)
            => throw new NotSupportedException();
    }

    private sealed class BreakingFeeds(FakeJournal journal) : JournalFeeds(journal)
    {
        private bool _isBroken;

        public override async IAsyncEnumerable<ConsoleBatch> WatchAsync(
            ServerId server, ConsoleCursor from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var batch in base.WatchAsync(server, from, cancellationToken))
            {
                yield return batch;
                if (_isBroken)
                    continue;
                _isBroken = true;
                throw new IOException("The feed broke.");
            }
        }
    }
}

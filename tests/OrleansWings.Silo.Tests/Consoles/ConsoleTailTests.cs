using System.Buffers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Client.Consoles;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Silo.Tests.Servers;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleTailTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConsoleTail _tail;
    private readonly List<ConsoleBatch> _journal = [];
    private int _reads;
    private Exception? _fault;

    public ConsoleTailTests() => _tail = new ConsoleTail(1_000_000, _time);

    private ConsolePosition Head => _journal.Count == 0 ? ConsolePosition.Start : _journal[^1].Next;

    [Fact]
    public async Task Viewer_OfAStreamWithLossesRepeatsAndDisorder_GetsEachRecordOnce()
    {
        var random = new Random(1);
        await using var viewer = Watch(ConsoleCursor.From(ConsolePosition.Start));
        var sent = 0;
        for (var i = 0; i < 300; i++)
        {
            var batch = Say(1, random.Next(1, 6));
            sent += batch.Count;
            if (random.Next(3) != 0)
                _tail.Append(batch);
            if (random.Next(4) == 0)
                _tail.Append(_journal[random.Next(_journal.Count)]);
        }

        _tail.Observe(Head);

        Assert.Equal(Enumerable.Range(1, sent).Select(number => $"1:{number}"), await viewer.TakeAsync(sent));
    }

    [Fact]
    public async Task Viewer_WhoseBatchesAllArrive_ReadsTheJournalOnlyOnce()
    {
        await using var viewer = Watch(ConsoleCursor.From(ConsolePosition.Start));
        _tail.Append(Say(1, 3));
        await viewer.TakeAsync(3);
        var reads = _reads;
        for (var i = 0; i < 100; i++)
            _tail.Append(Say(1, 2));

        await viewer.TakeAsync(200);

        Assert.Equal(reads, _reads);
    }

    [Fact]
    public async Task Viewer_OfANewRun_GoesOnThere()
    {
        await using var viewer = Watch(ConsoleCursor.From(ConsolePosition.Start));
        _tail.Append(Say(1, 2));
        _tail.Append(Say(2, 2));
        _tail.Append(Say(3, 1));

        Assert.Equal(["1:1", "1:2", "2:1", "2:2", "3:1"], await viewer.TakeAsync(5));
    }

    [Fact]
    public async Task Viewer_ThatIsSlow_ReadsWhatTheCacheHasNoMore()
    {
        var small = new ConsoleTail(200, _time);
        await using var viewer = new Viewer(small.WatchAsync(ReadAsync, ConsoleCursor.From(ConsolePosition.Start), CancellationToken.None));
        small.Append(Say(1, 1));
        Assert.Equal(["1:1"], await viewer.TakeAsync(1));
        for (var i = 0; i < 100; i++)
            small.Append(Say(1, 5));

        Assert.Equal(Enumerable.Range(2, 500).Select(number => $"1:{number}"), await viewer.TakeAsync(500));
    }

    [Fact]
    public async Task Viewer_OfWhatIsNotKeptAnyMore_IsToldByTheNumbers()
    {
        Say(1, 10);
        Say(1, 10);
        _journal.RemoveAt(0);

        await using var viewer = Watch(ConsoleCursor.From(ConsolePosition.Start));

        Assert.Equal("1:11", (await viewer.TakeAsync(1))[0]);
    }

    public static TheoryData<Exception> Faults => [new HostUnreachableException("eu-1"), new StoreUnreachableException(), new TimeoutException()];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Viewer_WhileTheHostIsAwayOrCannotBeFound_WaitsAndGoesOn(Exception fault)
    {
        await using var viewer = Watch(ConsoleCursor.From(ConsolePosition.Start));
        _tail.Append(Say(1, 1));
        Assert.Equal(["1:1"], await viewer.TakeAsync(1));
        _fault = fault;
        Say(1, 4);
        _tail.Observe(Head);
        var rest = viewer.TakeAsync(4);
        for (var i = 0; i < 5; i++)
            await PassAsync();
        Assert.False(rest.IsCompleted);

        _fault = null;
        while (!rest.IsCompleted)
            await PassAsync();

        Assert.Equal(["1:2", "1:3", "1:4", "1:5"], await rest);
    }

    [Fact]
    public async Task Viewer_WhenTheHostHasLessThanWasHeard_AsksAtAMeasuredPace()
    {
        _tail.Observe(new ConsolePosition(1, 50));
        await using var viewer = Watch(ConsoleCursor.From(new ConsolePosition(1, 10)));
        var next = viewer.TakeAsync(1);
        await PassAsync();

        await Task.Delay(200);

        Assert.InRange(_reads, 1, 10);
        for (var i = 0; i < 4; i++)
            Say(1, 5);
        while (!next.IsCompleted)
            await PassAsync();
        Assert.Equal(["1:10"], await next);
    }

    [Fact]
    public async Task Viewers_OfOneTail_AreIndependent()
    {
        await using var stalled = Watch(ConsoleCursor.From(ConsolePosition.Start));
        await using var quick = Watch(ConsoleCursor.From(ConsolePosition.Start));
        for (var i = 0; i < 50; i++)
            _tail.Append(Say(1, 4));

        Assert.Equal(200, (await quick.TakeAsync(200)).Count);
        Assert.Equal("1:1", (await stalled.TakeAsync(1))[0]);
    }

    private Viewer Watch(ConsoleCursor from) => new(_tail.WatchAsync(ReadAsync, from, CancellationToken.None));

    private ConsoleBatch Say(int run, int count)
    {
        var first = _journal.Count > 0 && _journal[^1].First.Run == run ? _journal[^1].Next : new ConsolePosition(run, 1);
        var records = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
            ConsoleRecordCodec.Write(records, ServerSamples.Now, ConsoleSource.Game, ConsoleFlags.None, Encoding.UTF8.GetBytes($"{run}:{first.Sequence + i}"));
        var batch = new ConsoleBatch { Server = ServerSamples.Id, First = first, Count = count, Records = records.WrittenMemory };
        lock (_journal)
            _journal.Add(batch);
        return batch;
    }

    private Task<ConsolePage> ReadAsync(ConsoleCursor from, int maxBytes)
    {
        Interlocked.Increment(ref _reads);
        if (_fault is { } fault)
            throw fault;
        lock (_journal)
        {
            var batch = from.Next is { } next ? _journal.Find(one => one.Next.CompareTo(next) > 0) : null;
            if (batch is not null && from.Next is { } asked && batch.First.Run == asked.Run)
                batch = batch.SkipTo(asked.Sequence);
            return Task.FromResult(new ConsolePage { Batch = batch, Head = Head });
        }
    }

    private async Task PassAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Task.Delay(10);
    }

    /// <summary>Takes lines, and checks that each stands where its number says.</summary>
    private sealed class Viewer(IAsyncEnumerable<ConsoleBatch> batches) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<ConsoleBatch> _batches = batches.GetAsyncEnumerator();
        private readonly Queue<string> _lines = [];

        public async Task<List<string>> TakeAsync(int count)
        {
            var taken = new List<string>();
            while (taken.Count < count)
            {
                while (_lines.Count == 0)
                {
                    Assert.True(await _batches.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
                    foreach (var line in _batches.Current.Lines())
                    {
                        var text = Encoding.UTF8.GetString(line.Bytes.Span);
                        Assert.Equal(line.Position.ToString(), text);
                        _lines.Enqueue(text);
                    }
                }

                taken.Add(_lines.Dequeue());
            }

            return taken;
        }

        // A wait under way is left to its end: the enumerator belongs to the test alone.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

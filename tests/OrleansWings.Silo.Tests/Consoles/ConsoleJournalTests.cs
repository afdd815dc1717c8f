using OrleansWings.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleJournalTests : IDisposable
{
    private readonly JournalTesting _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Open_EmptyFolder_BeginsWithTheFirstRecordAndMakesNoFile()
    {
        Assert.Equal(new ConsolePosition(1, 1), _test.Journal.Head);
        Assert.Equal(new ConsolePage { Head = new(1, 1) }, _test.Journal.Read(ConsoleCursor.Last(10), 1000));
        Assert.False(Directory.Exists(_test.Folder));
    }

    [Fact]
    public void Append_Records_AreNumberedAndReadAtOnce()
    {
        _test.Append("a", "b");
        _test.Append("c");

        var page = _test.Journal.Read(ConsoleCursor.From(new(1, 2)), 1000);

        Assert.Equal(new ConsolePosition(1, 4), page.Head);
        Assert.Equal(new ConsolePosition(1, 2), page.Batch!.First);
        Assert.Equal(2, page.Batch.Count);
        Assert.Equal(JournalTesting.Server, page.Batch.Server);
        Assert.Equal(["b", "c"], page.Batch.Lines().Select(JournalTesting.Text));
        Assert.All(page.Batch.Lines(), l => Assert.Equal(_test.Time.GetUtcNow(), l.At));
    }

    [Fact]
    public void Append_FileIsFull_GoesOnInAFileNamedByItsFirstRecord()
    {
        _test.Options.SegmentBytes = 1000;
        _test.AppendNumbered(1, 100, length: 50, block: 10);

        Assert.Equal($"{1:D20}.log", _test.SegmentNames(1)[0]);
        Assert.Equal($"{11:D20}.log", _test.SegmentNames(1)[1]);
        Assert.Equal(10, _test.SegmentNames(1).Length);
        Assert.Equal(Enumerable.Range(1, 100), _test.Texts().Select(Number));
    }

    [Fact]
    public void Append_BeyondTheCap_DropsTheOldestFilesAndTheGapShowsInTheNumbers()
    {
        _test.Options.SegmentBytes = 10_000;
        _test.Options.MaxBytes = 50_000;
        _test.AppendNumbered(1, 500, length: 82);
        _test.Journal.BeginRun(2);
        _test.AppendNumbered(501, 1500, length: 82);

        Assert.False(Directory.Exists(Path.Combine(_test.Folder, "1")));
        Assert.InRange(new DirectoryInfo(_test.Folder).GetFiles("*", SearchOption.AllDirectories).Sum(f => f.Length), 40_000, 50_000);
        var batch = _test.Journal.Read(ConsoleCursor.From(ConsolePosition.Start), 1000).Batch!;
        Assert.Equal(new ConsolePosition(2, 1001), batch.First);
        Assert.Equal(Enumerable.Range(1501, 500), _test.Texts().Select(Number));
    }

    [Fact]
    public void Append_CapBelowOneFile_KeepsThePresentFile()
    {
        _test.Options.MaxBytes = 1;
        _test.AppendNumbered(1, 100);

        Assert.Equal(100, _test.Texts().Length);
    }

    [Fact]
    public void BeginRun_ManyRuns_KeepsTheNewest()
    {
        _test.Options.MaxRuns = 3;
        for (var run = 1; run <= 10; run++)
        {
            _test.Journal.BeginRun(run);
            _test.Append($"{run}");
        }

        Assert.Equal(["8", "9", "10"], _test.Texts());
        Assert.Equal(3, Directory.GetDirectories(_test.Folder).Length);
    }

    [Fact]
    public void Read_FinishedRun_GoesOnInTheNextThatHasRecords()
    {
        _test.Append("one");
        _test.Journal.BeginRun(2);
        _test.Journal.BeginRun(5);
        _test.Append("five");

        Assert.Equal(new ConsolePosition(5, 1), _test.Journal.Read(ConsoleCursor.From(new(1, 2)), 100).Batch!.First);
        Assert.Equal(["one", "five"], _test.Texts(new ConsolePosition(0, 0)));
        Assert.Equal(["one", "five"], Reopened().Texts());
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 100)]
    [InlineData(2, 1)]
    [InlineData(int.MaxValue, long.MaxValue)]
    public void Read_AtOrBeyondTheHead_HasNoBatch(int run, long sequence)
    {
        _test.Append("a", "b", "c");

        var page = _test.Journal.Read(ConsoleCursor.From(new(run, sequence)), 100);

        Assert.Null(page.Batch);
        Assert.Equal(new ConsolePosition(1, 4), page.Head);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1000L)]
    [InlineData(100, 901L)]
    [InlineData(5000, 1L)]
    public void Read_Tail_BeginsSoManyRecordsBeforeTheNewest(int tail, long? first)
    {
        _test.AppendNumbered(1, 1000, length: 30);

        Assert.Equal(first, _test.Journal.Read(ConsoleCursor.Last(tail), 1000).Batch?.First.Sequence);
    }

    [Fact]
    public void Read_TailOfAnEmptyRun_IsTheTailOfTheOneBefore()
    {
        _test.AppendNumbered(1, 1000);
        _test.Journal.BeginRun(2);

        var page = _test.Journal.Read(ConsoleCursor.Last(10), 1000);
        Assert.Equal((new ConsolePosition(1, 991), 10, new ConsolePosition(2, 1)), (page.Batch!.First, page.Batch.Count, page.Head));

        Reopened();
        _test.Journal.BeginRun(2);
        Assert.Equal(new ConsolePosition(1, 991), _test.Journal.Read(ConsoleCursor.Last(10), 1000).Batch!.First);
    }

    [Fact]
    public void Read_RecordLargerThanAsked_IsGivenAlone()
    {
        _test.Append("a", new string('x', ConsoleRecordCodec.MaxPayload), "c");

        Assert.Equal([1, ConsoleRecordCodec.MaxPayload, 1], _test.Texts(maxBytes: 1).Select(t => t.Length));
        Assert.Equal(1, _test.Journal.Read(ConsoleCursor.From(new(1, 2)), 10).Batch!.Count);
    }

    [Fact]
    public void Read_FromEveryPlace_BeginsExactlyThere()
    {
        _test.Options.SegmentBytes = 300_000;
        _test.AppendNumbered(1, 20_000, length: 40, block: 3000);
        for (var i = 0; i < 2; i++)
        {
            for (var n = 1L; n <= 20_000; n += 97)
            {
                var batch = _test.Journal.Read(ConsoleCursor.From(new(1, n)), 500).Batch!;
                Assert.Equal(n, batch.First.Sequence);
                Assert.Equal(n, Number(JournalTesting.Text(batch.Lines().First())));
                Assert.InRange(batch.Records.Length, 1, 500);
            }

            Reopened();
        }
    }

    [Fact]
    public void Open_Again_NumbersOnInTheSameFile()
    {
        _test.Append("a");
        Reopened().Append("b");

        Assert.Single(_test.SegmentNames(1));
        Assert.Equal(["a", "b"], _test.Texts());
        Assert.Equal(new ConsolePosition(1, 3), _test.Journal.Head);
    }

    [Fact]
    public async Task WaitForMoreAsync_RecordOrRun_EndsTheWait()
    {
        var record = _test.Journal.WaitForMoreAsync(new(1, 2), CancellationToken.None);
        _test.Append("a");
        Assert.False(record.IsCompleted);
        _test.Append("b");
        await record.WaitAsync(TimeSpan.FromSeconds(30));

        var run = _test.Journal.WaitForMoreAsync(new(1, 3), CancellationToken.None);
        Assert.False(run.IsCompleted);
        _test.Journal.BeginRun(2);
        await run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WaitForMoreAsync_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = _test.Journal.WaitForMoreAsync(ConsolePosition.Start, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Read_ManyReadersWhileWritingAndTrimming_EachSeesARisingSequence()
    {
        _test.Options.SegmentBytes = 20_000;
        _test.Options.MaxBytes = 100_000;
        _ = _test.Journal;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var (next, seen) = (ConsolePosition.Start, 0);
            while (next.Sequence <= 30_000)
            {
                var page = _test.Journal.Read(ConsoleCursor.From(next), 4000);
                if (page.Batch is not { } batch)
                {
                    next = page.Head;
                    if (next.Sequence <= 30_000)
                        await _test.Journal.WaitForMoreAsync(next, CancellationToken.None);
                    continue;
                }

                Assert.True(batch.First.CompareTo(next) >= 0);
                foreach (var line in batch.Lines())
                    Assert.Equal(line.Position.Sequence, Number(JournalTesting.Text(line)));
                seen += batch.Count;
                next = batch.Next;
            }

            return seen;
        })).ToArray();
        _test.AppendNumbered(1, 30_000, length: 20, block: 20);

        foreach (var seen in await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(1)))
            Assert.InRange(seen, 1, 30_000);
    }

    private static int Number(string text) => int.Parse(text.TrimEnd('.'));

    private JournalTesting Reopened()
    {
        _test.Reopen();
        return _test;
    }
}

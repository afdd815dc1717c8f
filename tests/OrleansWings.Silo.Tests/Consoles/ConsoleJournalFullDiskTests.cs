using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Consoles;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

public sealed class ConsoleJournalFullDiskTests : IDisposable
{
    private readonly SmallDisk _disk = new(kibibytes: 1024);
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<ConsoleSession> _logger = new();
    private readonly ConsoleOptions _options = new() { RingBytes = 256 * 1024 };
    private ConsoleJournal _journal;

    public ConsoleJournalFullDiskTests() => _journal = Open();

    public void Dispose()
    {
        _journal.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void Append_DiskFullThenFree_LosesNothingOfWhatTheRingHolds()
    {
        Append(1, 100);
        _disk.Fill();
        Append(101, 500);

        Assert.True(_journal.IsFailing);
        Assert.Equal(Enumerable.Range(1, 600), Numbers(Read(ConsolePosition.Start)));
        Assert.Single(Read(ConsolePosition.Start), l => l.Source == ConsoleSource.Wings && Text(l).Contains("The console cannot be written to disk: No space left"));
        Assert.Single(_logger.Entries, e => e.Level == LogLevel.Warning);

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(_journal.IsFailing);
        _disk.Free();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_journal.IsFailing);
        Append(601, 10);

        _journal.Dispose();
        _journal = Open();
        var lines = Read(ConsolePosition.Start);
        Assert.Equal(Enumerable.Range(1, 610), Numbers(lines));
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(l => (int)l.Position.Sequence));
        Assert.Contains(lines, l => Text(l).Contains("written to disk again; nothing was lost"));
        Assert.Equal(new ConsolePosition(1, lines.Count + 1), _journal.Head);
    }

    [Fact]
    public void Append_MoreThanTheRingHolds_ViewersGoOnAndTheGapShowsInTheNumbers()
    {
        Append(1, 100);
        _disk.Fill();
        Append(101, 20_000);
        var newest = Numbers(Read(_journal.Head with { Sequence = _journal.Head.Sequence - 50 }));
        Assert.Equal(Enumerable.Range(20_051, 50), newest);

        var dropped = _journal.Read(ConsoleCursor.From(new(1, 5000)), 1000).Batch!.First.Sequence;
        Assert.True(dropped > 5000);
        _disk.Free();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_journal.IsFailing);

        var lines = Read(ConsolePosition.Start);
        var hole = Enumerable.Range(1, lines.Count - 1).Single(i => lines[i].Position.Sequence != lines[i - 1].Position.Sequence + 1);
        Assert.Equal(dropped, lines[hole].Position.Sequence);
        Assert.Equal([.. Enumerable.Range(1, hole), .. Enumerable.Range(int.Parse(Text(lines[hole])), lines.Count - hole - 1)], Numbers(lines));
        Assert.Equal(20_100, Numbers(lines).Last());
        Assert.Contains(lines, l => (l.Flags & ConsoleFlags.Gap) != 0 && Text(l).Contains("lines are lost to history"));
    }

    [Fact]
    public void Open_FullDisk_NumbersOnInMemory()
    {
        Append(1, 10);
        _disk.Fill();
        _journal.Dispose();
        _journal = Open();
        Append(11, 2000);

        Assert.Equal(Enumerable.Range(1, 2010), Numbers(Read(ConsolePosition.Start)));
    }

    private ConsoleJournal Open() => new(JournalTesting.Server, Path.Combine(_disk.Path, "consoles"), _options, _time, _logger);

    private void Append(int from, int count)
    {
        using var records = new RecordBuffer();
        foreach (var numbers in Enumerable.Range(from, count).Chunk(50))
        {
            foreach (var number in numbers)
                records.Add(_time.GetUtcNow(), ConsoleSource.Game, ConsoleFlags.None, Encoding.UTF8.GetBytes($"{number,30}"));
            _journal.Append(records);
        }
    }

    private List<ConsoleLine> Read(ConsolePosition from)
    {
        var lines = new List<ConsoleLine>();
        while (_journal.Read(ConsoleCursor.From(from), 10_000).Batch is { } batch)
        {
            lines.AddRange(batch.Lines());
            from = batch.Next;
        }

        return lines;
    }

    private static IEnumerable<int> Numbers(IEnumerable<ConsoleLine> lines) => lines.Where(l => l.Source == ConsoleSource.Game).Select(l => int.Parse(Text(l)));

    private static string Text(ConsoleLine line) => JournalTesting.Text(line);
}

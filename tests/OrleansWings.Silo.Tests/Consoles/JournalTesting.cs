using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Consoles;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>A journal in a folder of its own, and short ways to write and read it.</summary>
internal sealed class JournalTesting : IDisposable
{
    private readonly TempFolder _folder = new();
    private ConsoleJournal? _journal;

    public static ServerId Server { get; } = ServerId.Parse("0193a5a0-0000-7000-8000-000000000001");

    public ConsoleOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public RecordingLogger<ConsoleSession> Logger { get; } = new();

    public string Folder => Path.Combine(_folder.Path, "journal");

    public ConsoleJournal Journal => _journal ??= new ConsoleJournal(Server, Folder, Options, Time, Logger);

    public IEnumerable<string> Warnings => Logger.Entries.Where(e => e.Level >= LogLevel.Warning).Select(e => e.Message);

    public ConsoleJournal Reopen()
    {
        _journal?.Dispose();
        _journal = null;
        return Journal;
    }

    public string SegmentPath(int run, long first) => Path.Combine(Folder, run.ToString(CultureInfo.InvariantCulture), $"{first:D20}.log");

    public string[] SegmentNames(int run) => [.. Directory.GetFiles(Path.Combine(Folder, $"{run}")).Select(p => Path.GetFileName(p)).Order()];

    public void Append(params string[] lines)
    {
        using var records = new RecordBuffer();
        foreach (var line in lines)
            records.Add(Time.GetUtcNow(), ConsoleSource.Game, ConsoleFlags.None, Encoding.UTF8.GetBytes(line));
        Journal.Append(records);
    }

    /// <summary>Appends lines "1", "2", … padded to a length, in blocks.</summary>
    public void AppendNumbered(int from, int count, int length = 0, int block = 100)
    {
        foreach (var numbers in Enumerable.Range(from, count).Chunk(block))
            Append([.. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture).PadRight(length, '.'))]);
    }

    public List<ConsoleLine> ReadAll(ConsolePosition? from = null, int maxBytes = 64 * 1024)
    {
        var lines = new List<ConsoleLine>();
        var next = from ?? ConsolePosition.Start;
        while (Journal.Read(ConsoleCursor.From(next), maxBytes).Batch is { } batch)
        {
            lines.AddRange(batch.Lines());
            next = batch.Next;
        }

        return lines;
    }

    public string[] Texts(ConsolePosition? from = null, int maxBytes = 64 * 1024) => [.. ReadAll(from, maxBytes).Select(Text)];

    public static string Text(ConsoleLine line) => Encoding.UTF8.GetString(line.Bytes.Span);

    public void Dispose()
    {
        _journal?.Dispose();
        _folder.Dispose();
    }
}

using System.Globalization;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

internal sealed partial class ConsoleJournal
{
    private readonly RecordBuffer _words = new();
    private ITimer? _retry;
    private long _failedAt;

    /// <summary>Whether records are at present kept in memory only.</summary>
    public bool IsFailing
    {
        get
        {
            lock (_gate)
                return _ring is not null;
        }
    }

    private void BeginRing(Exception exception)
    {
        LogNotWritten(_head, exception);
        DropTornFile();
        _failedAt = _head.Sequence;
        lock (_gate)
            _ring = new RecordRing(_head.Sequence, _options.RingBytes);
        Say($"The console cannot be written to disk: {exception.Message} Its newest lines are kept in memory; writing is tried again all the time.");
        AppendToRing(_words);
        _words.Dispose();
        _retry = _time.CreateTimer(static journal => ((ConsoleJournal)journal!).Retry(), this, _options.WriteRetry, _options.WriteRetry);
    }

    private void AppendToRing(RecordBuffer records)
    {
        lock (_gate)
        {
            _ring!.Add(records);
            _head = _head with { Sequence = _ring.End };
        }
    }

    private void Retry()
    {
        lock (_write)
        {
            if (_isDisposed || _ring is null || !TryWriteRing())
                return;
            var lost = _segments[^1].First - _failedAt;
            LogWrittenAgain(_head, lost);
            Say(
                lost == 0
                    ? "The console is written to disk again; nothing was lost."
                    : string.Create(CultureInfo.InvariantCulture, $"The console is written to disk again; {lost:N0} lines are lost to history."),
                lost == 0 ? ConsoleFlags.None : ConsoleFlags.Gap);
            AppendToFile(_words);
            _words.Dispose();
        }

        Signal();
    }

    // The ring's records begin a new file: what they bridge is no gap.
    private bool TryWriteRing()
    {
        var ring = _ring!;
        var segment = JournalSegment.New(_head.Run, ring.First);
        var path = segment.PathIn(_folder);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _file = JournalSegment.Open(path, FileMode.CreateNew, FileAccess.ReadWrite);
            foreach (var (_, count, records) in ring.Blocks)
            {
                RandomAccess.Write(_file, records, segment.Length);
                segment.Appended(count, records.Length, []);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogStillNotWritten(exception);
            if (_file is null)
                return false;
            CloseFile();
            Discard(path);
            return false;
        }

        lock (_gate)
        {
            _segments.Add(segment);
            _ring = null;
        }

        _total += segment.Length;
        StopRetrying();
        return true;
    }

    // The last try before the run or the program ends.
    private void FinishRing()
    {
        if (_ring is null)
            return;
        if (!TryWriteRing())
            LogLost(_ring.First, _ring.End - 1);
        lock (_gate)
            _ring = null;
        StopRetrying();
    }

    private void StopRetrying()
    {
        _retry?.Dispose();
        _retry = null;
    }

    // A write may have stopped half-way; what it left would be taken for damage later.
    private void DropTornFile()
    {
        var hadFile = _file is not null;
        CloseFile();
        if (!hadFile || _segments.Count == 0)
            return;
        var newest = _segments[^1];
        var path = newest.PathIn(_folder);
        if (newest.Length == 0)
        {
            lock (_gate)
                _segments.RemoveAt(_segments.Count - 1);
            Discard(path);
            return;
        }

        try
        {
            using var file = JournalSegment.Open(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.SetLength(file, newest.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRead(path, exception);
        }
    }

    private void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotDeleted(path, exception);
        }
    }

    private void Say(string text, ConsoleFlags flags = ConsoleFlags.None)
        => _words.Add(_time.GetUtcNow(), ConsoleSource.Wings, flags, WingsVoice.Style(text));
}

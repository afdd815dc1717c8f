using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Consoles;

/// <summary>
/// A server's console on disk, and the owner of its numbers: <c>folder/run/first-sequence.log</c>. Safe for concurrent
/// use. Appended records outlive the process at once (they are in the kernel's hands), not a power cut.
/// </summary>
/// <remarks>
/// When the disk refuses, records go on being numbered and live in a ring in memory, and writing is tried again until it
/// works; what the ring had to drop is a gap in the numbers.
/// </remarks>
internal sealed partial class ConsoleJournal : IDisposable
{
    private readonly Lock _write = new();
    private readonly Lock _gate = new();
    private readonly ServerId _server;
    private readonly string _folder;
    private readonly ConsoleOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // All runs, oldest first. Changed under both locks, read under either.
    private readonly List<JournalSegment> _segments = [];
    private ConsolePosition _head = ConsolePosition.Start;
    private RecordRing? _ring;
    private TaskCompletionSource? _more;

    // Of the writer alone.
    private SafeFileHandle? _file;
    private long _total;
    private bool _isDisposed;

    public ConsoleJournal(ServerId server, string folder, ConsoleOptions options, TimeProvider time, ILogger logger)
    {
        _server = server;
        _folder = folder;
        _options = options;
        _time = time;
        _logger = logger;
        ListRuns();
        OpenRun(_segments.Count > 0 ? _segments[^1].Run : ConsolePosition.Start.Run);
    }

    /// <summary>The place that the next record will have.</summary>
    public ConsolePosition Head
    {
        get
        {
            lock (_gate)
                return _head;
        }
    }

    /// <summary>Goes on in another run; the present one is left as it is. Nothing happens when it is the present one.</summary>
    public void BeginRun(int run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(run, ConsolePosition.Start.Run);
        lock (_write)
        {
            if (run == _head.Run)
                return;
            FinishRing();
            CloseFile();
            SetAsideRunsAfter(run);
            OpenRun(run);
            while (_segments.Count > 0 && RunsKept() > _options.MaxRuns)
                RemoveOldest();
        }

        Signal();
    }

    /// <summary>Numbers the records and writes them in one go; the buffer is empty afterwards.</summary>
    /// <returns>The place of the first.</returns>
    public ConsolePosition Append(RecordBuffer records)
    {
        ConsolePosition first;
        lock (_write)
        {
            first = _head;
            if (records.Count == 0)
                return first;
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_ring is null)
                AppendToFile(records);
            else
                AppendToRing(records);
            records.Clear();
        }

        Signal();
        return first;
    }

    /// <summary>Ends when there is a record at the place, or a later run.</summary>
    public async Task WaitForMoreAsync(ConsolePosition wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_head.CompareTo(wanted) > 0)
                    return;
                _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_write)
        {
            if (_isDisposed)
                return;
            FinishRing();
            CloseFile();
            _isDisposed = true;
        }
    }

    private void Signal()
    {
        TaskCompletionSource? more;
        lock (_gate)
            (more, _more) = (_more, null);
        more?.TrySetResult();
    }

    private void AppendToFile(RecordBuffer records)
    {
        var segment = _segments.Count > 0 ? _segments[^1] : null;
        try
        {
            if (_file is null || segment!.Length + records.Length > _options.SegmentBytes && segment.Length > 0)
                segment = BeginFile(segment);
            RandomAccess.Write(_file!, records.Written.Span, segment!.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BeginRing(exception);
            AppendToRing(records);
            return;
        }

        lock (_gate)
        {
            segment.Appended(records.Count, records.Length, records.Marks);
            _head = _head with { Sequence = _head.Sequence + records.Count };
        }

        _total += records.Length;
        Trim();
    }

    // Goes on in the newest file of the run if there is room and its numbers fit, else in a new one.
    private JournalSegment BeginFile(JournalSegment? newest)
    {
        var goesOn = _file is null && newest is not null && newest.Run == _head.Run && newest.End == _head.Sequence && newest.Length < _options.SegmentBytes;
        CloseFile();
        var segment = goesOn ? newest! : JournalSegment.New(_head.Run, _head.Sequence);
        var path = segment.PathIn(_folder);
        if (goesOn)
        {
            _file = JournalSegment.Open(path, FileMode.Open, FileAccess.ReadWrite);
            return segment;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = JournalSegment.Open(path, FileMode.CreateNew, FileAccess.ReadWrite);
        lock (_gate)
            _segments.Add(segment);
        return segment;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }

    // Keeps the journal within its size; the newest file of the present run always stays.
    private void Trim()
    {
        while (_total > _options.MaxBytes && _segments.Count > 1)
            RemoveOldest();
    }

    private void RemoveOldest()
    {
        var oldest = _segments[0];
        lock (_gate)
            _segments.RemoveAt(0);
        _total -= oldest.Size;
        Delete(oldest);
    }

    private int RunsKept()
    {
        var (runs, last) = (1, _head.Run);
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            if (_segments[i].Run == last)
                continue;
            last = _segments[i].Run;
            runs++;
        }

        return runs;
    }

    private void Delete(JournalSegment segment)
    {
        try
        {
            File.Delete(segment.PathIn(_folder));
            if (_segments.Count == 0 || _segments[0].Run != segment.Run)
                Directory.Delete(JournalSegment.FolderOf(_folder, segment.Run));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotDeleted(segment.PathIn(_folder), exception);
        }
    }
}

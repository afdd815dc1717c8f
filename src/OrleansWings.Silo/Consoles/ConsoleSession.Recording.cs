using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

// From bytes to the journal. All under _sync, but for raising LineRead.
public sealed partial class ConsoleSession
{
    private readonly Lock _raising = new();
    private readonly ConsoleSplitter _splitter = new();
    private readonly RecordBuffer _records = new();
    private readonly Queue<string> _lines = [];
    private ConsoleText? _text;
    private bool _isPartialDue;

    private void Record(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        var recorder = new Recorder(this, at);
        _splitter.Push(bytes, ref recorder);
        if (!_splitter.HasPartial)
        {
            _isPartialDue = false;
        }
        else if (!_isPartialDue || recorder.Count > 0)
        {
            // From the first byte of the unended line on: a game that draws without end is shown too.
            _isPartialDue = true;
            _partialTimer.Change(_options.PartialDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void FlushUnended(DateTimeOffset at)
    {
        var recorder = new Recorder(this, at);
        _splitter.FlushPartial(ref recorder);
        _isPartialDue = false;
        Keep();
    }

    private void ShowUnended()
    {
        lock (_sync)
        {
            if (_isDisposed || !_isPartialDue)
                return;
            if (_attached?.Unproved is { IsBeingProved: false } unproved)
                Show(unproved);
            FlushUnended(_time.GetUtcNow());
        }
    }

    private void Keep()
    {
        _journal.Append(_records);
        _records.Dispose();
    }

    private void Add(ReadOnlySpan<byte> bytes, ConsoleFlags flags, DateTimeOffset at)
    {
        _records.Add(at, ConsoleSource.Game, flags, bytes);
        if (LineRead is null)
            _text = null;
        else if ((_text ??= new ConsoleText()).Add(bytes, flags) is { } line)
            _lines.Enqueue(ConsoleText.WithoutAnsi(line));
        if (_records.IsFull)
            _journal.Append(_records);
    }

    private void RaiseLines()
    {
        lock (_raising)
        {
            while (true)
            {
                string? line;
                lock (_sync)
                {
                    if (!_lines.TryDequeue(out line))
                        return;
                }

                try
                {
                    LineRead?.Invoke(line);
                }
                catch (Exception exception)
                {
                    LogListenerFailed(_server, exception);
                }
            }
        }
    }

    private struct Recorder(ConsoleSession session, DateTimeOffset at) : IConsoleRecordVisitor
    {
        public int Count { get; private set; }

        public void OnRecord(ReadOnlySpan<byte> bytes, ConsoleFlags flags)
        {
            Count++;
            session.Add(bytes, flags, at);
        }
    }
}

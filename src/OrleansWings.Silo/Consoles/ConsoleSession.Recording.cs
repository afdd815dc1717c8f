using System.Globalization;
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
        ReleaseSkipped();
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
        if (_throttle.IsReleaseDue(at))
            ReleaseSkipped();
        if (_throttle.Admit(at, bytes, flags))
            _records.Add(at, ConsoleSource.Game, flags, bytes);
        else if (!_isReleaseDue)
            WaitToRelease(_options.ThrottlePeriod);
        // A skipped line may be the one that says that the server is up.
        if (LineRead is null)
            _text = null;
        else if ((_text ??= new ConsoleText()).Add(bytes, flags) is { } line)
            _lines.Enqueue(ConsoleText.WithoutAnsi(line));
        if (_records.IsFull)
            _journal.Append(_records);
    }

    // The last line is shown when the game falls silent too.
    private void WaitToRelease(TimeSpan time)
    {
        _isReleaseDue = true;
        _releaseTimer.Change(time, Timeout.InfiniteTimeSpan);
    }

    private void ShowSkipped()
    {
        lock (_sync)
        {
            _isReleaseDue = false;
            if (_isDisposed || !_throttle.IsHolding)
                return;
            var now = _time.GetUtcNow();
            if (!_throttle.IsReleaseDue(now))
            {
                WaitToRelease(_throttle.PeriodEnd - now);
                return;
            }

            ReleaseSkipped();
            Keep();
        }
    }

    private void ReleaseSkipped()
    {
        if (!_throttle.TryRelease(out var held))
            return;
        if (held.Skipped > 0)
            WingsVoice.Write(_records, held.At, DescribeSkipped(held), ConsoleFlags.Gap);
        _records.Add(held.At, ConsoleSource.Game, held.Flags, held.Last);
    }

    private string DescribeSkipped(ConsoleThrottle.Released held) => string.Create(
        CultureInfo.InvariantCulture,
        $"{held.Skipped:N0} {(held.Skipped == 1 ? "line was" : "lines were")} skipped here: the server said more than {_options.ThrottleLines:N0}{(held.IsByLength ? " KiB" : "")} within {_options.ThrottlePeriod.TotalMilliseconds:0} ms{(held.IsByLength ? ", again and again (of a long line each 64 KiB count)" : "")}.");

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

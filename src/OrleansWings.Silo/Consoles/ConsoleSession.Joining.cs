using System.Globalization;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Consoles;

// After an absence: what the game said meanwhile is in the engine's log.
public sealed partial class ConsoleSession
{
    private const int KnownBytes = 256 * 1024;
    private static readonly TimeSpan s_terminalLag = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Attaches to a game that has been running without us, after this program was away or the terminal was cut, and goes
    /// on where the journal of the run ends. What cannot be joined is said in a gap record.
    /// </summary>
    /// <exception cref="ContainerMissingException">There is no such container.</exception>
    /// <exception cref="EngineException">The engine refused or does not answer.</exception>
    public async Task RejoinAsync(string container, int run, CancellationToken cancellationToken)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            var ours = await GoBackToAsync(run);
            var began = _time.GetUtcNow();
            var terminal = await _engine.AttachAsync(container, cancellationToken);
            var held = new HeldOutput(_options.JoinBytes);
            Begin(terminal, held);
            try
            {
                await JoinAsync(container, ours, _attached!, held, (began, _time.GetUtcNow()), cancellationToken);
            }
            catch
            {
                await EndAsync();
                throw;
            }
        }
        finally
        {
            _lifecycle.Release();
        }

        RaiseLines();
    }

    /// <summary>
    /// Takes what an ended process has said and nobody heard from the engine's log: after this program, the engine or the
    /// terminal was away at its end. What cannot be joined is said in a gap record.
    /// </summary>
    public async Task CatchUpAsync(string container, int run, CancellationToken cancellationToken)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            var ours = await GoBackToAsync(run);
            var (log, failure) = await ReadLogAsync(container, LogFrom(ours.Bytes, ours.Until), CancellationToken.None, cancellationToken);
            var joined = Join();
            if (!joined.IsJoinedToOurs && ours.Bytes.Length > 0 && failure is null)
            {
                (log, failure) = await ReadLogAsync(container, null, CancellationToken.None, cancellationToken);
                joined = Join();
            }

            lock (_sync)
            {
                RecordMissed(ours, joined, _time.GetUtcNow(), failure);
                FlushUnended(_time.GetUtcNow());
            }

            MayLackOutput = false;

            ConsoleJoinResult Join() => failure is not null ? new ConsoleJoinResult(false, [], false, false)
                : ConsoleJoin.Join(ours.Bytes, ours.Until, log, new TerminalBytes(), _time.GetUtcNow(), DateTimeOffset.MaxValue);
        }
        finally
        {
            _lifecycle.Release();
        }

        RaiseLines();
    }

    // Nothing is attached, and what the journal of the run ends with is known.
    private async Task<Ours> GoBackToAsync(int run)
    {
        await EndAsync();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        BeginRun(run);
        lock (_sync)
        {
            _splitter.Reset();
            _throttle.Reset();
        }

        return ReadOurs(run);
    }

    private async Task JoinAsync(
        string container, Ours ours, Attached attached, HeldOutput held, (DateTimeOffset Began, DateTimeOffset Done) attach, CancellationToken cancellationToken)
    {
        var since = LogFrom(ours.Bytes, ours.Until);
        var (log, failure) = await ReadLogAsync(container, since, held.Full, cancellationToken);
        var joined = await JoinOnceAsync();
        if (!joined.IsJoinedToOurs && ours.Bytes.Length > 0 && since is not null && failure is null)
        {
            // We may have read the game much later than it spoke: then our end is further back in the log.
            (log, failure) = await ReadLogAsync(container, null, held.Full, cancellationToken);
            joined = await JoinOnceAsync();
        }

        lock (_sync)
        {
            RecordMissed(ours, joined, attach.Done, failure);
            LogJoined(_server, _journal.Head, joined.Missed.Count, joined.IsJoinedToOurs && joined.IsJoinedToFresh);
            attached.Unproved = failure is null ? FindDoubt(container, ours, joined, attach) : null;
        }

        if (attached.Unproved is { } unproved)
            await ProveHeldAsync(attached, unproved, held, cancellationToken);
        else
            RecordHeld(attached, held, 0);
        MayLackOutput = false;
        held.Release();

        async Task<ConsoleJoinResult> JoinOnceAsync()
        {
            if (failure is not null)
                return new ConsoleJoinResult(false, [], false, false);
            await WaitForTerminalAsync(held, log, attach.Began, cancellationToken);
            var fresh = new TerminalBytes();
            lock (_sync)
            {
                foreach (var (at, bytes) in held.Chunks)
                    fresh.Add(at, bytes);
            }

            return ConsoleJoin.Join(ours.Bytes, ours.Until, log, fresh, attach.Began, attach.Done);
        }
    }

    private void RecordMissed(Ours ours, ConsoleJoinResult joined, DateTimeOffset done, string? failure)
    {
        if (failure is not null || !joined.IsJoinedToOurs)
            WriteGap(ours.Until, joined.Missed.Count > 0 ? joined.Missed[0].At : done, failure ?? "the engine no longer has it");
        foreach (var (at, bytes) in joined.Missed)
            Record(bytes.Span, at);
        if (!joined.IsJoinedToFresh && failure is null)
            WriteGap(joined.Missed.Count > 0 ? joined.Missed[^1].At : ours.Until, done, "it does not fit what followed");
        Keep();
    }

    private void RecordHeld(Attached attached, HeldOutput held, int from)
    {
        lock (_sync)
        {
            foreach (var (at, bytes) in held.Chunks.Skip(from))
                Record(bytes, at);
            Keep();
            attached.Held = null;
        }
    }

    private async Task<(TerminalBytes Log, string? Failure)> ReadLogAsync(
        string container, DateTimeOffset? since, CancellationToken full, CancellationToken cancellationToken)
    {
        var log = new TerminalBytes();
        using var timeout = new CancellationTokenSource(_options.JoinTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, full);
        try
        {
            await foreach (var entry in _engine.ReadLogAsync(container, new LogQuery(Since: since), either.Token))
            {
                log.Add(entry.At, entry.Bytes.Span);
                if (log.Length > _options.JoinBytes)
                    return (log, "the engine's log is too long");
            }

            return (log, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (log, timeout.IsCancellationRequested ? "the engine did not give its log in time" : "the game writes faster than the engine's log can be read");
        }
        catch (EngineException exception)
        {
            LogEngineLogFailed(_server, exception);
            // It is put at the end of a sentence.
            return (log, exception.Message.TrimEnd('.', ' ', '\n'));
        }
    }

    // What was logged since we asked for the terminal is most likely on its way to us; to compare the two it should be here.
    private async Task WaitForTerminalAsync(HeldOutput held, TerminalBytes log, DateTimeOffset attachBegan, CancellationToken cancellationToken)
    {
        Task enough;
        lock (_sync)
            enough = held.WaitForAsync(log.Length - log.FirstAfter(attachBegan.AddTicks(-1)));
        try
        {
            await enough.WaitAsync(s_terminalLag, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
        }
    }

    private void WriteGap(DateTimeOffset? from, DateTimeOffset to, string why) => WriteNotice(to, string.Create(
        CultureInfo.InvariantCulture,
        $"Output may be missing here, {(from is { } known ? $"between {known:yyyy-MM-dd HH:mm:ss} and" : "before")} {to:yyyy-MM-dd HH:mm:ss} UTC: {why}."));

    // An unended line must not run on into what comes after it.
    private void WriteNotice(DateTimeOffset at, string words)
    {
        FlushUnended(at);
        if (IsLineUnended())
            _records.Add(at, ConsoleSource.Game, ConsoleFlags.None, []);
        WingsVoice.Write(_records, _time.GetUtcNow(), words, ConsoleFlags.Gap);
        LogGap(_server, words);
        Keep();
    }

    private bool IsLineUnended()
    {
        var lines = ReadBack(_journal.Head.Run, 64);
        return lines.FindLast(l => l.Source == ConsoleSource.Game).IsPartial;
    }

    // From before our last whole line on.
    private DateTimeOffset? LogFrom(TerminalBytes ours, DateTimeOffset? until)
        => ours.LastLineEnd > 0 ? ours.TimeOf(ours.LastLineEnd - 1) - _options.JoinOverlap : ours.Length == 0 ? until : null;

    private Ours ReadOurs(int run)
    {
        var records = 2_000;
        while (true)
        {
            var lines = ReadBack(run, records);
            var isAll = lines.Count == 0 || lines.Count < records;
            if (isAll || records >= 100_000 || lines.Sum(l => l.Bytes.Length) >= KnownBytes)
                return Ours.From(lines, KnownBytes);
            records = Math.Min(records * 8, 100_000);
        }
    }

    private List<ConsoleLine> ReadBack(int run, int records)
    {
        var lines = new List<ConsoleLine>();
        var cursor = ConsoleCursor.Last(records);
        while (_journal.Read(cursor, 256 * 1024).Batch is { } batch && batch.First.Run <= run)
        {
            if (batch.First.Run == run)
                lines.AddRange(batch.Lines());
            cursor = ConsoleCursor.From(batch.Next);
        }

        return lines;
    }

    /// <summary>The end of what we have of a run.</summary>
    private sealed record Ours(TerminalBytes Bytes, DateTimeOffset? Until)
    {
        /// <summary>Takes what stands after the last hole, as far back as wanted.</summary>
        public static Ours From(List<ConsoleLine> lines, int maxBytes)
        {
            var (first, size) = (lines.Count, 0);
            while (first > 0 && size < maxBytes && (first == lines.Count || IsGapless(lines[first - 1], lines[first])))
                size += lines[--first].Bytes.Length;
            if (first < lines.Count && (lines[first].Flags & ConsoleFlags.Gap) != 0)
                first++;
            var bytes = new TerminalBytes();
            foreach (var line in lines.Skip(first).Where(l => l.Source == ConsoleSource.Game))
                bytes.Add(line);
            var game = lines.FindLastIndex(l => l.Source == ConsoleSource.Game || (l.Flags & ConsoleFlags.Gap) != 0);
            return new Ours(bytes, game < 0 ? null : lines[game].At);
        }

        private static bool IsGapless(ConsoleLine before, ConsoleLine after)
            => (after.Flags & ConsoleFlags.Gap) == 0 && before.Position.Sequence + 1 == after.Position.Sequence;
    }
}

using System.Globalization;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Consoles;

// The engine logs a line when it ends. So what a game said of a line while nobody listened (a prompt) is nowhere to be read at
// a join; once the line has ended, the log tells whether the terminal gave us all of it.
public sealed partial class ConsoleSession
{
    private const int KnownBefore = 64 * 1024;
    private static readonly TimeSpan s_logLag = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_exitLag = TimeSpan.FromSeconds(2);

    /// <summary>Whether output may have gone by that nobody has joined yet: the engine's log should be asked once the process has ended.</summary>
    public bool MayLackOutput { get; private set; }

    /// <summary>Whether what was read waits for the engine's log.</summary>
    public bool IsProving => _attached?.Unproved is { IsBeingProved: true };

    private bool IsBeginningDue(UnprovedLine unproved, DateTimeOffset at, ReadOnlySpan<byte> bytes)
    {
        unproved.Add(at, bytes);
        unproved.IsBeingProved = unproved.IsDue;
        if (unproved.IsDue)
            return true;
        ShowInTime(unproved);
        return false;
    }

    private UnprovedLine? FindDoubt(string container, Ours ours, ConsoleJoinResult joined, (DateTimeOffset Began, DateTimeOffset Done) attach)
    {
        // Where a gap was named that reaches to the attachment there is no doubt left.
        if (joined.IsFreshLogged || !joined.IsJoinedToFresh || (!joined.IsJoinedToOurs && joined.Missed.Count == 0))
            return null;
        var before = joined.IsJoinedToOurs ? ours.Bytes.Tail(KnownBefore) : new TerminalBytes();
        foreach (var (at, bytes) in joined.Missed)
            before.Add(at, bytes.Span);
        return new UnprovedLine(container, before.Tail(KnownBefore), joined.Missed.Count > 0 ? joined.Missed[^1].At : ours.Until, attach);
    }

    // What came while the log was read may have the line's end already.
    private async Task ProveHeldAsync(Attached attached, UnprovedLine unproved, HeldOutput held, CancellationToken cancellationToken)
    {
        int taken;
        lock (_sync)
        {
            foreach (var (at, bytes) in held.Chunks)
                unproved.Add(at, bytes);
            taken = held.Chunks.Count;
            unproved.IsBeingProved = unproved.IsDue;
            if (!unproved.IsDue)
            {
                if (taken > 0)
                    ShowInTime(unproved);
                attached.Held = null;
                return;
            }
        }

        await ProveBeginningAsync(attached, isEnd: false, cancellationToken);
        RecordHeld(attached, held, taken);
    }

    private void ShowInTime(UnprovedLine unproved)
    {
        if (unproved.IsShown)
        {
            Show(unproved);
            Keep();
        }
        else if (!_isPartialDue)
        {
            _isPartialDue = true;
            _partialTimer.Change(_options.PartialDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void Show(UnprovedLine unproved)
    {
        foreach (var (at, bytes) in unproved.Take())
            Record(bytes, at);
    }

    // The reader waits for it: nothing that follows may be recorded before, and no more than one read is held.
    private async Task ProveBeginningAsync(Attached attached, bool isEnd, CancellationToken cancellationToken)
    {
        var unproved = attached.Unproved!;
        var (missed, failure) = await FindBeginningAsync(unproved, isEnd, cancellationToken);
        lock (_sync)
        {
            attached.Unproved = null;
            if (failure is null && missed.Count == 0)
                Show(unproved);
            else if (!unproved.IsShown)
                RecordFromBeginning(unproved, missed, failure);
            else
                RecordAgain(unproved, missed, failure);
            Keep();
        }

        RaiseLines();
    }

    // The terminal has ended, and with the process its last line: the log is complete when the engine says that it is gone.
    private async Task ProveAtEndAsync(Attached attached)
    {
        var unproved = attached.Unproved!;
        unproved.IsBeingProved = true;
        try
        {
            using var shortly = new CancellationTokenSource(s_exitLag, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(shortly.Token, attached.Stopping);
            await _engine.WaitAsync(unproved.Container, both.Token);
            await ProveBeginningAsync(attached, isEnd: true, attached.Stopping);
        }
        catch (Exception exception) when (exception is OperationCanceledException or EngineException)
        {
            // It runs on and only the line was cut, or the engine is away: what comes next joins again, or asks the log at the end.
            unproved.IsBeingProved = false;
            MayLackOutput = true;
        }
    }

    private void RecordFromBeginning(UnprovedLine unproved, IReadOnlyList<(DateTimeOffset At, ReadOnlyMemory<byte> Bytes)> missed, string? failure)
    {
        if (failure is not null)
            WriteGap(unproved.Until, unproved.Attach.Done, failure);
        foreach (var (at, bytes) in missed)
            Record(bytes.Span, at);
        Show(unproved);
    }

    // Its rest stands there already, and no record is ever rewritten.
    private void RecordAgain(UnprovedLine unproved, IReadOnlyList<(DateTimeOffset At, ReadOnlyMemory<byte> Bytes)> missed, string? failure)
    {
        var at = _time.GetUtcNow();
        var waiting = unproved.Take();
        var isEnded = false;
        foreach (var (came, bytes) in waiting)
        {
            var end = isEnded ? 0 : bytes.AsSpan().IndexOf((byte)'\n') + 1;
            Record(bytes.AsSpan(0, end == 0 && !isEnded ? bytes.Length : end), came);
            if (end > 0)
                Say();
            if (end > 0 || isEnded)
                Record(bytes.AsSpan(end), came);
            isEnded |= end > 0;
        }

        if (!isEnded)
            Say();

        void Say()
        {
            WriteNotice(at, failure is null
                ? "The line above had begun while nobody listened. The engine's log has it whole:"
                : string.Create(CultureInfo.InvariantCulture, $"The beginning of the line above may be missing, said before {unproved.Attach.Done:yyyy-MM-dd HH:mm:ss} UTC: {failure}."));
            if (failure is null)
                Record(unproved.Whole(missed.Select(piece => piece.Bytes)), at);
        }
    }

    private async Task<(IReadOnlyList<(DateTimeOffset At, ReadOnlyMemory<byte> Bytes)> Missed, string? Failure)> FindBeginningAsync(
        UnprovedLine unproved, bool isEnd, CancellationToken cancellationToken)
    {
        var since = LogFrom(unproved.Before, unproved.Until);
        var attached = isEnd ? _time.GetUtcNow() : unproved.Attach.Done;
        var until = _time.GetUtcNow() + s_logLag;
        for (var pause = TimeSpan.FromMilliseconds(10); ; pause *= 2)
        {
            var (log, failure) = await ReadLogAsync(unproved.Container, since, CancellationToken.None, cancellationToken);
            if (failure is not null)
                return ([], failure);
            var joined = ConsoleJoin.Join(unproved.Before, unproved.Until, log, unproved.Fresh, unproved.Attach.Began, attached);
            if (!joined.IsJoinedToOurs && since is not null)
            {
                // As at the join: our end may be further back in the log than the times say.
                since = null;
                continue;
            }

            if (!joined.IsJoinedToOurs)
                return ([], "the engine's log does not have what came before");
            if (joined.IsFreshLogged || (isEnd && unproved.Fresh.Length == 0 && joined.IsJoinedToFresh))
                return (joined.Missed, null);
            if (isEnd || _time.GetUtcNow() >= until)
                return ([], "the engine's log does not have it");
            await Task.Delay(pause, _time, cancellationToken);
        }
    }
}

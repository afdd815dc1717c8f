namespace OrleansWings.Silo.Consoles;

/// <summary>What follows our last record.</summary>
/// <param name="IsJoinedToOurs">Whether it follows without a hole; else output between may be missing.</param>
/// <param name="Missed">The engine's log between our end and the attachment's beginning.</param>
/// <param name="IsJoinedToFresh">Whether the attachment's bytes, all of them, follow without a hole or a repetition.</param>
/// <param name="IsFreshLogged">
/// Whether the log has the line that the attachment begins with. When not, a beginning of that line may have been said before
/// the attachment, and only the line's end will show it: the engine logs a line when it ends.
/// </param>
internal sealed record ConsoleJoinResult(
    bool IsJoinedToOurs, IReadOnlyList<(DateTimeOffset At, ReadOnlyMemory<byte> Bytes)> Missed, bool IsJoinedToFresh, bool IsFreshLogged);

/// <summary>
/// Joins what we have of a run, the engine's log, and a fresh attachment. The log is used only for what lies between the
/// two; it holds whole lines, so what we have may end after it, and the attachment may begin in the middle of one.
/// Content finds the overlaps; where output repeats itself, time decides between them.
/// </summary>
internal static class ConsoleJoin
{
    private const int LongOverlap = 256;
    private const int LongestFresh = 1 << 20;

    // The engine stamps a line beside sending it; it may be a little late, and under load more, but then a long overlap is proof.
    private static readonly TimeSpan s_lag = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestLag = TimeSpan.FromSeconds(2);

    /// <summary>Joins the three.</summary>
    /// <param name="ours">The end of the game's output as we have it, with its last whole line if there is one.</param>
    /// <param name="until">Until when we have output of this run; null when we have none at all.</param>
    /// <param name="log">The engine's log from before our last whole line on; from the beginning when we have none.</param>
    /// <param name="fresh">The first bytes of the attachment.</param>
    /// <param name="attachBegan">Before the attachment was asked for: nothing older is in it.</param>
    /// <param name="attached">When it was there: everything newer is in it.</param>
    public static ConsoleJoinResult Join(
        TerminalBytes ours, DateTimeOffset? until, TerminalBytes log, TerminalBytes fresh, DateTimeOffset attachBegan, DateTimeOffset attached)
    {
        var end = until is null ? 0 : FindOurEnd(ours, log);
        var start = Math.Min(end ?? log.FirstAfter(until!.Value), log.Length);
        var stop = FindFresh(log, start, fresh, attachBegan, attached);
        return new ConsoleJoinResult(end is not null, [.. log.Between(start, stop ?? Math.Max(start, log.FirstAfter(attached)))], stop is not null, stop < log.Length);
    }

    /// <summary>Where in the log ours ends: beyond the log's end when ours ends in an unended line.</summary>
    private static int? FindOurEnd(TerminalBytes ours, TerminalBytes log)
    {
        if (ours.Length == 0)
            return null;
        var lineEnd = ours.LastLineEnd;
        if (log.Length == 0)
            return lineEnd == 0 ? 0 : null;

        var best = ((int End, TimeSpan Cost)?)null;

        // The log's beginning is our end, or all of it lies within ours.
        ByteMatches.Find(
            ours.Bytes,
            log.Bytes[..Math.Min(log.Length, ours.Length)],
            at => Consider(ours.Length - at + Math.Min(log.Length, ours.Length)),
            Consider);

        // All of ours lies within the log.
        if (ours.Length < log.Length)
            ByteMatches.Find(log.Bytes, ours.Bytes, Consider, _ => { });
        return best?.End;

        void Consider(int end)
        {
            var offset = ours.Length - end;
            var shared = Math.Min(lineEnd - offset, log.Length);
            if (lineEnd == 0)
            {
                // One unended line so far: the log begins where we began.
                if (offset == 0 && best is null)
                    best = (end, TimeSpan.Zero);
                return;
            }

            // Without a whole line in common there is nothing to tell one prompt from another.
            if (shared < 1 || offset + shared < 1)
                return;
            var late = log.TimeOf(shared - 1) - ours.TimeOf(offset + shared - 1);
            var overlap = Math.Min(Math.Min(end, ours.Length), log.Length);

            // The log begins with a line, or with a piece of a very long one.
            if (overlap < LongOverlap && offset > 0 && ours.Bytes[offset - 1] != '\n')
                return;
            if (late > (overlap >= LongOverlap ? s_longestLag : s_lag))
                return;
            if (best is null || late.Duration() < best.Value.Cost)
                best = (end, late.Duration());
        }
    }

    /// <summary>Where in the log the attachment begins; null when it cannot be told.</summary>
    private static int? FindFresh(TerminalBytes log, int start, TerminalBytes fresh, DateTimeOffset attachBegan, DateTimeOffset attached)
    {
        var best = ((int Start, TimeSpan Cost)?)null;
        var rest = log.Bytes[start..];
        var length = Math.Min(rest.Length, Math.Min(fresh.Length, LongestFresh));
        if (length > 0)
        {
            var isWhole = length == fresh.Length || length == LongestFresh;
            ByteMatches.Find(
                rest,
                fresh.Bytes[..length],
                at =>
                {
                    if (isWhole)
                        Consider(start + at - length);
                },
                overlap => Consider(log.Length - overlap));
        }

        Consider(log.Length);
        return best?.Start;

        void Consider(int place)
        {
            // The line at the place ended after we asked; the line before it ended before we were attached.
            var early = place < log.Length ? Max(attachBegan - log.TimeOf(place), TimeSpan.Zero) : TimeSpan.Zero;
            var late = place > start && log.TimeBefore(place) is { } before ? Max(before - attached, TimeSpan.Zero) : TimeSpan.Zero;
            var cost = early + late;
            var overlap = Math.Min(log.Length - place, fresh.Length);
            if (early > s_lag || late > (overlap >= LongOverlap ? s_longestLag : s_lag))
                return;

            // Of equals the longest overlap: what we heard is most likely what was logged.
            if (best is null || cost < best.Value.Cost || cost == best.Value.Cost && place < best.Value.Start)
                best = (place, cost);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

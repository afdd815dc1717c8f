using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>
/// Lets so many lines of a game through in each period and skips the rest, so that a game that writes without end costs no disk, no
/// network and no history. What is skipped is counted, and the last line always comes through: it is most often the one that says why.
/// </summary>
/// <remarks>Takes the records of one game in their order; knows no clock but their times.</remarks>
/// <param name="lines">How many lines pass in a period; 0 lets all through.</param>
/// <param name="period">How long one is, from its first line on.</param>
internal sealed class ConsoleThrottle(int lines, TimeSpan period)
{
    private const int MaxKept = ConsoleRecordCodec.MaxPayload;

    private readonly List<byte> _last = [];
    private DateTimeOffset _began = DateTimeOffset.MinValue;
    private DateTimeOffset _lastAt;
    private int _count;
    private int _skipped;
    private Line _line;

    // What is known of the line that has begun and not ended.
    private enum Line
    {
        None,
        Shown,
        Skipped,
    }

    /// <summary>Whether a line was skipped that <see cref="TryRelease"/> has not told of.</summary>
    public bool IsHolding => _skipped > 0;

    /// <summary>When the present period is over.</summary>
    public DateTimeOffset PeriodEnd => _began + period;

    /// <summary>Whether what is held is due before a record of this time: its period is over, or the clock went back.</summary>
    public bool IsReleaseDue(DateTimeOffset at) => IsHolding && !IsWithin(at);

    /// <summary>Counts a record. Ask <see cref="IsReleaseDue"/> before.</summary>
    /// <returns>Whether it is to be shown; else it is held or skipped.</returns>
    public bool Admit(DateTimeOffset at, ReadOnlySpan<byte> bytes, ConsoleFlags flags)
    {
        if (lines == 0)
            return true;
        if (_line == Line.None)
            _line = IsPrompt(flags) || CountLine(at) ? Line.Shown : Line.Skipped;
        var isShown = _line == Line.Shown;
        if (!isShown)
            Hold(at, bytes);
        if ((flags & ConsoleFlags.Partial) == 0)
            _line = Line.None;
        return isShown;
    }

    /// <summary>Gives out what is held: how many lines were skipped for good, and the last one.</summary>
    /// <returns>False when nothing is held.</returns>
    public bool TryRelease(out Released released)
    {
        released = default;
        if (!IsHolding)
            return false;
        // A line that has not ended is gone on with where it is shown.
        var isEnded = _line != Line.Skipped;
        released = new Released(_skipped - 1, [.. _last], isEnded ? ConsoleFlags.None : ConsoleFlags.Partial, _lastAt);
        if (!isEnded)
            _line = Line.Shown;
        _skipped = 0;
        _last.Clear();
        return true;
    }

    /// <summary>Forgets the line that has begun, and what is held: another run begins.</summary>
    public void Reset()
    {
        _line = Line.None;
        _skipped = _count = 0;
        _began = DateTimeOffset.MinValue;
        _last.Clear();
    }

    // What stands unended while the game is silent: seldom, and what one waits for.
    private static bool IsPrompt(ConsoleFlags flags) => flags == ConsoleFlags.Partial;

    private bool CountLine(DateTimeOffset at)
    {
        if (!IsWithin(at))
            (_began, _count) = (at, 0);
        if (_count < lines)
        {
            _count++;
            return true;
        }

        _skipped++;
        _last.Clear();
        return false;
    }

    private void Hold(DateTimeOffset at, ReadOnlySpan<byte> bytes)
    {
        _lastAt = at;
        _last.AddRange(bytes[..Math.Min(bytes.Length, MaxKept - _last.Count)]);
    }

    private bool IsWithin(DateTimeOffset at) => at >= _began && at - _began < period;

    /// <summary>What a burst left.</summary>
    /// <param name="Skipped">How many lines are not shown.</param>
    /// <param name="Last">The line after them, at most 64 KiB of it.</param>
    /// <param name="Flags">Whether that line has ended.</param>
    /// <param name="At">When it was read.</param>
    public readonly record struct Released(int Skipped, byte[] Last, ConsoleFlags Flags, DateTimeOffset At);
}

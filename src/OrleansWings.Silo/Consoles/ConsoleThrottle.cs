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

    // Lines may be long, and one that never ends comes in pieces of 64 KiB. So many bytes of each line pass in the long run, and so many at once: a
    // single line of ten megabytes, as a game says that prints its world, is nobody's flood.
    private const int BytesInALine = 1024;
    private const int BytesAtOnce = 8 * BytesInALine;

    private readonly List<byte> _last = [];
    private DateTimeOffset _began = DateTimeOffset.MinValue;
    private DateTimeOffset _lastAt;
    private int _count;
    private int _skipped;
    // How many bytes may come before more are skipped, as of when; less than none after a long line.
    private double _credit = MostCredit(lines);
    private DateTimeOffset _creditAt = DateTimeOffset.MaxValue;
    private Line _line;
    private bool _isCut;
    private bool _isByLength;

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
        if (_line == Line.None || _isCut)
            _line = (_line == Line.None && IsPrompt(flags)) || CountLine(at, bytes.Length) ? Line.Shown : Line.Skipped;
        _isCut = (flags & ConsoleFlags.Cut) != 0;
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
        released = new Released(_skipped - 1, _isByLength, [.. _last], isEnded ? ConsoleFlags.None : ConsoleFlags.Partial, _lastAt);
        if (!isEnded)
            _line = Line.Shown;
        (_skipped, _isByLength) = (0, false);
        _last.Clear();
        return true;
    }

    /// <summary>Forgets the line that has begun, and what is held: another run begins.</summary>
    public void Reset()
    {
        (_line, _isCut, _isByLength) = (Line.None, false, false);
        _skipped = _count = 0;
        _began = DateTimeOffset.MinValue;
        (_credit, _creditAt) = (MostCredit(lines), DateTimeOffset.MaxValue);
        _last.Clear();
    }

    // What stands unended while the game is silent: seldom, and what one waits for.
    private static bool IsPrompt(ConsoleFlags flags) => flags == ConsoleFlags.Partial;

    private bool CountLine(DateTimeOffset at, int length)
    {
        if (!IsWithin(at))
            (_began, _count) = (at, 0);
        Refill(at);
        if (_count < lines && _credit > 0)
        {
            _count++;
            _credit -= length;
            return true;
        }

        _skipped++;
        _isByLength |= _count < lines;
        _last.Clear();
        return false;
    }

    private static double MostCredit(int lines) => (double)lines * BytesAtOnce;

    // A clock that goes back gives nothing.
    private void Refill(DateTimeOffset at)
    {
        if (at > _creditAt)
            _credit = Math.Min(MostCredit(lines), _credit + (at - _creditAt) / period * lines * BytesInALine);
        _creditAt = at;
    }

    private void Hold(DateTimeOffset at, ReadOnlySpan<byte> bytes)
    {
        _lastAt = at;
        _last.AddRange(bytes[..Math.Min(bytes.Length, MaxKept - _last.Count)]);
    }

    private bool IsWithin(DateTimeOffset at) => at >= _began && at - _began < period;

    /// <summary>What a burst left.</summary>
    /// <param name="Skipped">How many lines are not shown; of one that is longer than 64 KiB each piece counts.</param>
    /// <param name="IsByLength">Whether there were not too many, but too long ones.</param>
    /// <param name="Last">The line after them, at most 64 KiB of it.</param>
    /// <param name="Flags">Whether that line has ended.</param>
    /// <param name="At">When it was read.</param>
    public readonly record struct Released(int Skipped, bool IsByLength, byte[] Last, ConsoleFlags Flags, DateTimeOffset At);
}

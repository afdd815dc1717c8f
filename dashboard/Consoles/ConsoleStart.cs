using System.Globalization;
using OrleansWings.Consoles;

namespace OrleansWings.Dashboard.Consoles;

/// <summary>Where a viewer begins.</summary>
/// <param name="Cursor">What to ask the feed for.</param>
/// <param name="Expected">The first record wanted; null when any may be the first.</param>
/// <param name="IsShortened">Whether records after <paramref name="Expected"/> are left out on purpose.</param>
public sealed record ConsoleStart(ConsoleCursor Cursor, ConsolePosition? Expected, bool IsShortened)
{
    /// <summary>How many records a first visit shows.</summary>
    public const int FirstVisit = 2_000;

    /// <summary>A first visit: the newest records.</summary>
    public static ConsoleStart Newest { get; } = new(ConsoleCursor.Last(FirstVisit), null, false);

    /// <summary>
    /// After a reload: at the first record that was shown before, so that the scrollback is there again and the next line
    /// follows. When by now far too much has come since, the newest records, and the rest is named as left out.
    /// </summary>
    /// <param name="firstShown">The place the tab remembers, as text; null when it remembers none.</param>
    /// <param name="head">The place of the next new record; null when that is not known.</param>
    /// <param name="scrollback">How many lines the terminal keeps.</param>
    public static ConsoleStart Decide(string? firstShown, ConsolePosition? head, int scrollback)
    {
        if (Parse(firstShown) is not { } first)
            return Newest;
        if (head is { } next)
        {
            // Other numbers than the journal has: it was begun anew.
            if (first.CompareTo(next) > 0)
                return Newest;
            if (next.Sequence - (first.Run == next.Run ? first.Sequence : 0) > 2L * scrollback)
                return new ConsoleStart(ConsoleCursor.Last(scrollback), first, IsShortened: true);
        }

        return new ConsoleStart(ConsoleCursor.From(first), first, IsShortened: false);
    }

    /// <summary>Reads "run:sequence"; null for anything else.</summary>
    public static ConsolePosition? Parse(string? text)
        => text?.Split(':') is [var run, var sequence]
            && int.TryParse(run, NumberStyles.None, CultureInfo.InvariantCulture, out var r) && r >= 1
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s) && s >= 1
            ? new ConsolePosition(r, s)
            : null;
}

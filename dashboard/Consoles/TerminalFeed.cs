using System.Buffers;
using System.Globalization;
using System.Text;
using OrleansWings.Consoles;

namespace OrleansWings.Dashboard.Consoles;

/// <summary>
/// Makes of console records the bytes a terminal is fed with, in order, each record once. What is missing between two
/// records is said by its numbers, a new run by a line of its own.
/// </summary>
/// <param name="next">The first record wanted; null when any may be the first.</param>
/// <param name="isShortened">Whether what is missing at the beginning was left out by this page, not lost by the journal.</param>
public sealed class TerminalFeed(ConsolePosition? next = null, bool isShortened = false)
{
    // What a game may have left behind: colours, the other screen, a hidden cursor, letters that show as lines (DECSTR takes
    // these and other modes back), a scroll region.
    private const string Reset = "\e[0m\e[?1049l\e[?25h\e[!p\e[r\e[999;1H";
    private const string NoticeStyle = "\e[0;2;33m";
    private const string WingsStyle = "\e[0;36m";
    private const string RuleStyle = "\e[0;2m";

    private bool _isShortened = isShortened;
    private bool _isOpenLine;

    /// <summary>The last record or skipped place; null before the first.</summary>
    public ConsolePosition? Last { get; private set; }

    /// <summary>Writes one record.</summary>
    /// <returns>False when it was written before.</returns>
    public bool Append(IBufferWriter<byte> output, in ConsoleLine line)
    {
        var position = line.Position;
        if (Last is { } last && position.CompareTo(last) <= 0)
            return false;
        SayWhatIsMissing(output, position);
        if (position.Sequence == 1 || (Last is not null && Last.Value.Run != position.Run))
            SayNewRun(output, line);
        WriteLine(output, line);
        Last = position;
        return true;
    }

    /// <summary>Says that records were left out to catch up, and goes on behind them.</summary>
    public void AppendSkip(IBufferWriter<byte> output, SkippedRecords skip)
    {
        if (Last is { } last && skip.Last.CompareTo(last) <= 0)
            return;
        Notice(output, $"… {Range(skip.First, skip.Last)} {Were(skip.First, skip.Last)} skipped: this page was too far behind …");
        Last = skip.Last;
    }

    private void SayWhatIsMissing(IBufferWriter<byte> output, ConsolePosition position)
    {
        var expected = Last is { } last ? last with { Sequence = last.Sequence + 1 } : next;
        if (expected is not { } from)
            return;
        if (from.Run < position.Run)
            from = new ConsolePosition(position.Run, 1);
        if (from.Run != position.Run || position.Sequence <= from.Sequence)
            return;
        var to = position with { Sequence = position.Sequence - 1 };
        Notice(output, _isShortened && Last is null
            ? $"… {Range(from, to)} {Were(from, to)} skipped: too many to show again …"
            : $"… {Range(from, to)} {(from == to ? "is" : "are")} no longer kept …");
        _isShortened = false;
    }

    private void SayNewRun(IBufferWriter<byte> output, in ConsoleLine line)
    {
        EndOpenLine(output);
        Write(output, string.Create(CultureInfo.InvariantCulture,
            $"{Reset}{RuleStyle}──── run {line.Position.Run} · {line.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ────\e[0m\r\n"));
    }

    private void WriteLine(IBufferWriter<byte> output, in ConsoleLine line)
    {
        if ((line.Flags & ConsoleFlags.Gap) != 0)
        {
            EndOpenLine(output);
            Framed(output, NoticeStyle + "… ", line.Bytes.Span, " …\e[0m\r\n");
        }
        else if (line.Source == ConsoleSource.Wings)
        {
            EndOpenLine(output);
            Framed(output, WingsStyle, line.Bytes.Span, "\e[0m\r\n");
        }
        else
        {
            output.Write(line.Bytes.Span);
            _isOpenLine = line.IsPartial;
            if (!line.IsPartial)
                output.Write("\r\n"u8);
        }
    }

    private void Notice(IBufferWriter<byte> output, string text)
    {
        EndOpenLine(output);
        Write(output, $"{NoticeStyle}{text}\e[0m\r\n");
    }

    private void EndOpenLine(IBufferWriter<byte> output)
    {
        if (_isOpenLine)
            output.Write("\r\n"u8);
        _isOpenLine = false;
    }

    private static string Range(ConsolePosition from, ConsolePosition to)
        => from.Run != to.Run ? string.Create(CultureInfo.InvariantCulture, $"lines {from.Sequence} of run {from.Run} to {to.Sequence} of run {to.Run}")
            : from.Sequence == to.Sequence ? string.Create(CultureInfo.InvariantCulture, $"line {from.Sequence}")
            : string.Create(CultureInfo.InvariantCulture, $"lines {from.Sequence}–{to.Sequence}");

    private static string Were(ConsolePosition from, ConsolePosition to) => from == to ? "was" : "were";

    private static void Framed(IBufferWriter<byte> output, string before, ReadOnlySpan<byte> bytes, string after)
    {
        Write(output, before);
        output.Write(bytes.TrimEnd("\r\n"u8));
        Write(output, after);
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}

using System.Buffers;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>
/// Terminal output with the times of its pieces. Each line feed has a carriage return before it, so that the same output
/// compares equal whether it comes from our records, the engine's log or a terminal in raw mode; records split the same.
/// </summary>
internal sealed class TerminalBytes
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<(int End, DateTimeOffset At)> _pieces = [];

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public int Length => _bytes.WrittenCount;

    /// <summary>After the last line feed; 0 when there is none.</summary>
    public int LastLineEnd => Bytes.LastIndexOf((byte)'\n') + 1;

    public void Add(DateTimeOffset at, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            _bytes.Write(line);
            bytes = bytes[line.Length..];
            if (end < 0)
                break;

            // At the very beginning its carriage return may have gone by before we listened.
            if (Length > 0 && Bytes[^1] != '\r')
                _bytes.Write("\r"u8);
            _bytes.Write("\n"u8);
            bytes = bytes[1..];
        }

        if (_pieces.Count == 0 || _pieces[^1].End < Length)
            _pieces.Add((Length, at));
    }

    /// <summary>What the terminal gave for a record of the game.</summary>
    public void Add(ConsoleLine line)
    {
        _bytes.Write(line.Bytes.Span);
        if (!line.IsPartial)
            _bytes.Write("\r\n"u8);
        if (_pieces.Count == 0 || _pieces[^1].End < Length)
            _pieces.Add((Length, line.At));
    }

    /// <summary>Its end from the beginning of a line on, with at least one whole line if it has one.</summary>
    public TerminalBytes Tail(int atLeast)
    {
        var end = Math.Min(LastLineEnd - 1, Length - atLeast);
        var start = end <= 0 ? 0 : Bytes[..end].LastIndexOf((byte)'\n') + 1;
        var tail = new TerminalBytes();
        foreach (var (at, bytes) in Between(start, Length))
            tail.Add(at, bytes.Span);
        return tail;
    }

    /// <summary>When the byte came.</summary>
    public DateTimeOffset TimeOf(int offset) => _pieces[PieceOf(offset)].At;

    /// <summary>When the last piece came that ends at the place or before; null when none does.</summary>
    public DateTimeOffset? TimeBefore(int offset)
    {
        var piece = PieceOf(offset);
        return piece == 0 ? null : _pieces[piece - 1].At;
    }

    /// <summary>Where the first piece begins that came later; the end when none did.</summary>
    public int FirstAfter(DateTimeOffset time)
    {
        var piece = _pieces.FindIndex(p => p.At > time);
        return piece < 0 ? Length : piece == 0 ? 0 : _pieces[piece - 1].End;
    }

    /// <summary>The pieces between two places.</summary>
    public IEnumerable<(DateTimeOffset At, ReadOnlyMemory<byte> Bytes)> Between(int start, int end)
    {
        for (var piece = PieceOf(start); start < end; piece++)
        {
            var stop = Math.Min(_pieces[piece].End, end);
            yield return (_pieces[piece].At, _bytes.WrittenMemory[start..stop]);
            start = stop;
        }
    }

    // The piece that holds the byte; the number of pieces when it is beyond them.
    private int PieceOf(int offset)
    {
        var (low, high) = (0, _pieces.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_pieces[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}

namespace OrleansWings.Containers.Engines;

/// <summary>Cuts the engine's log into its entries: each is a time, a space and the bytes up to a line feed.</summary>
/// <remarks>
/// A line longer than the engine's 16 KiB buffer comes in pieces of just that size without a line feed, each with a time of its own glued
/// to the one before. The driver "local" also forgets the line feed after the last piece; it is put back here. Only at these places
/// is a time looked for inside a line, so a game that prints times is not cut.
/// </remarks>
internal sealed class LogStreamParser
{
    private const int EnginePiece = 16 * 1024;
    private const int LongestTime = 36; // nine digits, an offset and the space

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _isContinued;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
            MakeRoom(bytes.Length);

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The next whole entry; at the end also one that lacks its line feed.</summary>
    public bool TryTake(bool isEnd, out LogEntry entry)
    {
        entry = default;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.IsEmpty)
            return false;

        // Bytes without a time in front (a driver that adds none) belong to no moment.
        var hasTime = TryTime(rest, out var at, out var timeLength);
        var line = hasTime ? rest[timeLength..] : rest;
        if (!TryLength(line, isEnd, out var length, out var lacksLineFeed, out var isContinued))
            return false;

        byte[] bytes = lacksLineFeed ? [.. line[..length], (byte)'\n'] : line[..length].ToArray();
        entry = new LogEntry(at, bytes);
        _start += (hasTime ? timeLength : 0) + length;
        _isContinued = isContinued;
        return true;
    }

    private bool TryLength(ReadOnlySpan<byte> line, bool isEnd, out int length, out bool lacksLineFeed, out bool isContinued)
    {
        (length, lacksLineFeed, isContinued) = (0, false, false);
        var isKnownWhole = isEnd || line.Length >= EnginePiece + LongestTime;
        var lineFeed = line[..Math.Min(line.Length, EnginePiece + 1)].IndexOf((byte)'\n');
        if (lineFeed < 0 && !isKnownWhole)
            return false;

        if (_isContinued && FindTime(line[..(lineFeed < 0 ? Math.Min(line.Length, EnginePiece + LongestTime) : lineFeed)]) is >= 0 and < EnginePiece and var glued)
            (length, lacksLineFeed) = (glued, true);
        else if (lineFeed >= 0)
            length = lineFeed + 1;
        else if (line.Length > EnginePiece && TryTime(line[EnginePiece..], out _, out _))
            (length, isContinued) = (EnginePiece, true);
        else if (line.IndexOf((byte)'\n') is >= 0 and var far)
            length = far + 1;
        else if (isEnd)
            (length, lacksLineFeed) = (line.Length, _isContinued && line.Length < EnginePiece);

        return length > 0 || lacksLineFeed;
    }

    private static int FindTime(ReadOnlySpan<byte> line)
    {
        for (var at = 0; at < line.Length; at++)
        {
            // The letter between date and hours is the cheapest to look for.
            var letter = line[at..].IndexOf((byte)'T');
            if (letter < 0)
                return -1;

            at += letter;
            if (at >= 10 && TryTime(line[(at - 10)..], out _, out _))
                return at - 10;
        }

        return -1;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out DateTimeOffset at, out int length)
    {
        if (!EngineTime.TryParse(text, out at, out length) || length >= text.Length || text[length] != ' ')
            return false;

        length++;
        return true;
    }

    private void MakeRoom(int needed)
    {
        var held = _end - _start;
        var target = held + needed > _buffer.Length ? new byte[Math.Max(_buffer.Length * 2, held + needed)] : _buffer;
        _buffer.AsSpan(_start, held).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, held);
    }
}

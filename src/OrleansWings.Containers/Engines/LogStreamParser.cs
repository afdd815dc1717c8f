namespace OrleansWings.Containers.Engines;

/// <summary>Cuts the engine's log into its entries: each is a time, a space and the bytes up to a line feed.</summary>
/// <remarks>
/// A line longer than the engine's 16 KiB buffer comes in pieces of just that size without a line feed, each with a time of its own glued
/// to the one before. Only there is a time looked for inside a line, so a game that prints times is not cut.
/// </remarks>
internal sealed class LogStreamParser
{
    private const int EnginePiece = 16 * 1024;
    private const int LongestTime = 36; // nine digits, an offset and the space

    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

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
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.IsEmpty || !isEnd && rest.Length < LongestTime)
        {
            // A short line may be complete already.
            if (rest.IsEmpty || rest.IndexOf((byte)'\n') < 0)
                return false;
        }

        // Bytes without a time in front (a driver that adds none) belong to no moment.
        var hasTime = EngineTime.TryParse(rest, out var at, out var timeLength) && timeLength < rest.Length && rest[timeLength] == ' ';
        var line = hasTime ? rest[(timeLength + 1)..] : rest;
        var length = line.IndexOf((byte)'\n') + 1;
        if (length == 0 || length > EnginePiece + 1)
            length = FindPiece(line, isEnd, length);

        if (length == 0)
            return false;

        entry = new LogEntry(at, line[..length].ToArray());
        _start += rest.Length - line.Length + length;
        return true;
    }

    // The line feed found lies beyond a piece, or there is none yet.
    private static int FindPiece(ReadOnlySpan<byte> line, bool isEnd, int lengthToLineFeed)
    {
        if (line.Length >= EnginePiece + LongestTime || isEnd && line.Length > EnginePiece)
        {
            if (EngineTime.TryParse(line[EnginePiece..], out _, out _))
                return EnginePiece;

            return lengthToLineFeed > 0 ? lengthToLineFeed : isEnd ? line.Length : 0;
        }

        return isEnd ? line.Length : 0;
    }

    private void MakeRoom(int needed)
    {
        var held = _end - _start;
        var target = held + needed > _buffer.Length ? new byte[Math.Max(_buffer.Length * 2, held + needed)] : _buffer;
        _buffer.AsSpan(_start, held).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, held);
    }
}

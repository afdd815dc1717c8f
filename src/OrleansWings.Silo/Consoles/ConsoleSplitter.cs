using System.Buffers;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>Takes the records that a splitter makes; the bytes are good only during the call.</summary>
internal interface IConsoleRecordVisitor
{
    void OnRecord(ReadOnlySpan<byte> bytes, ConsoleFlags flags);
}

/// <summary>
/// Terminal bytes in, records out. Without <see cref="FlushPartial"/> the records depend on the bytes alone, however
/// they are cut into chunks.
/// </summary>
internal sealed class ConsoleSplitter
{
    private const int MaxPayload = ConsoleRecordCodec.MaxPayload;
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    // The line that has begun and not ended; at most MaxPayload + 1, the one being a '\r' that may belong to the line's end.
    private byte[] _tail = [];
    private int _length;

    /// <summary>Whether a flush would give a record: a lone '\r' waits for what follows it.</summary>
    public bool HasPartial => _length > 0 && !(_length == 1 && _tail[0] == CarriageReturn);

    public void Push<TVisitor>(ReadOnlySpan<byte> chunk, ref TVisitor visitor)
        where TVisitor : IConsoleRecordVisitor, allows ref struct
    {
        int end;
        while ((end = chunk.IndexOf(LineFeed)) >= 0)
        {
            var line = chunk[..end];
            chunk = chunk[(end + 1)..];
            if (_length == 0)
            {
                EndLine(line, ref visitor);
                continue;
            }

            Grow(line, ref visitor);
            EndLine(_tail.AsSpan(0, _length), ref visitor);
            _length = 0;
        }

        if (chunk.Length > 0)
            Grow(chunk, ref visitor);
        else if (_length == 0)
            Release();
    }

    /// <summary>Gives out what has come of an unended line; a '\r' at its end stays, since a line feed may follow.</summary>
    public void FlushPartial<TVisitor>(ref TVisitor visitor)
        where TVisitor : IConsoleRecordVisitor, allows ref struct
    {
        if (!HasPartial)
            return;
        var held = _tail[_length - 1] == CarriageReturn ? 1 : 0;
        visitor.OnRecord(_tail.AsSpan(0, _length - held), ConsoleFlags.Partial);
        _tail[0] = CarriageReturn;
        _length = held;
        Release();
    }

    /// <summary>Forgets an unended line.</summary>
    public void Reset()
    {
        _length = 0;
        Release();
    }

    private static void EndLine<TVisitor>(ReadOnlySpan<byte> line, ref TVisitor visitor)
        where TVisitor : IConsoleRecordVisitor, allows ref struct
    {
        if (line.Length > 0 && line[^1] == CarriageReturn)
            line = line[..^1];
        while (line.Length > MaxPayload)
        {
            visitor.OnRecord(line[..MaxPayload], ConsoleFlags.Partial | ConsoleFlags.Cut);
            line = line[MaxPayload..];
        }

        visitor.OnRecord(line, ConsoleFlags.None);
    }

    private void Grow<TVisitor>(ReadOnlySpan<byte> more, ref TVisitor visitor)
        where TVisitor : IConsoleRecordVisitor, allows ref struct
    {
        while (more.Length > 0)
        {
            if (_length >= MaxPayload && !(_length == MaxPayload && more is [CarriageReturn]))
            {
                visitor.OnRecord(_tail.AsSpan(0, MaxPayload), ConsoleFlags.Partial | ConsoleFlags.Cut);
                _tail[0] = CarriageReturn;
                _length -= MaxPayload;
            }

            var take = Math.Min(more.Length, Math.Max(MaxPayload - _length, 1));
            Reserve(_length + take);
            more[..take].CopyTo(_tail.AsSpan(_length));
            _length += take;
            more = more[take..];
        }
    }

    private void Reserve(int size)
    {
        if (size <= _tail.Length)
            return;
        var bigger = ArrayPool<byte>.Shared.Rent(size);
        _tail.AsSpan(0, _length).CopyTo(bigger);
        Return();
        _tail = bigger;
    }

    // A quiet console holds no big buffer.
    private void Release()
    {
        if (_length != 0 || _tail.Length <= 256)
            return;
        Return();
        _tail = [];
    }

    private void Return()
    {
        if (_tail.Length > 0)
            ArrayPool<byte>.Shared.Return(_tail);
    }
}

using System.Buffers;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>Encoded records on their way into the journal: one of these is one write.</summary>
internal sealed class RecordBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>At about this size it should be written.</summary>
    public const int FullSize = 256 * 1024;

    /// <summary>How far apart the marks are, in bytes.</summary>
    public const int MarkDistance = 32 * 1024;

    private readonly List<(int Count, int Offset)> _marks = [];
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public int Count { get; private set; }

    public bool IsFull => Length >= FullSize;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Where records begin, now and then: how many stand before, and at which byte.</summary>
    public IReadOnlyList<(int Count, int Offset)> Marks => _marks;

    public void Add(DateTimeOffset at, ConsoleSource source, ConsoleFlags flags, ReadOnlySpan<byte> payload)
    {
        if (Length - (_marks.Count == 0 ? 0 : _marks[^1].Offset) >= MarkDistance)
            _marks.Add((Count, Length));
        ConsoleRecordCodec.Write(this, at, source, flags, payload);
        Count++;
    }

    public void Clear()
    {
        Length = 0;
        Count = 0;
        _marks.Clear();
    }

    /// <summary>Gives its memory back; it can be used again.</summary>
    public void Dispose()
    {
        Clear();
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    void IBufferWriter<byte>.Advance(int count) => Length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - Length >= size)
            return;
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + size, Math.Min(_bytes.Length * 2, FullSize + ConsoleRecordCodec.MaxPayload)));
        _bytes.AsSpan(0, Length).CopyTo(bigger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bigger;
    }
}

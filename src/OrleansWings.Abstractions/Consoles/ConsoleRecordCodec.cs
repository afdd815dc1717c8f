using System.Buffers;
using System.Buffers.Binary;

namespace OrleansWings.Consoles;

/// <summary>
/// The one encoding of console records, from the host's journal through the streams to the viewer, so that no stage
/// encodes anew. Little endian: payload length (4 bytes), flags (1), source (1), time in µs since 1970 (8), payload,
/// CRC-32C of all before it (4).
/// </summary>
public static class ConsoleRecordCodec
{
    /// <summary>The most payload bytes of one record.</summary>
    public const int MaxPayload = 64 * 1024;

    /// <summary>What a record takes besides its payload.</summary>
    public const int Overhead = HeaderSize + TrailerSize;

    private const int HeaderSize = 14;
    private const int TrailerSize = 4;

    /// <summary>Appends one record.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="at">When it was read.</param>
    /// <param name="source">Who wrote it.</param>
    /// <param name="flags">What is special about it.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload is too long.</exception>
    public static void Write(IBufferWriter<byte> writer, DateTimeOffset at, ConsoleSource source, ConsoleFlags flags, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayload);
        var size = Overhead + payload.Length;
        var span = writer.GetSpan(size)[..size];
        BinaryPrimitives.WriteInt32LittleEndian(span, payload.Length);
        span[4] = (byte)flags;
        span[5] = (byte)source;
        BinaryPrimitives.WriteInt64LittleEndian(span[6..], (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        payload.CopyTo(span[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[^TrailerSize..], Checksum(span[..^TrailerSize]));
        writer.Advance(size);
    }

    /// <summary>The size of the record at the start of a buffer, checking its sum; 0 when there is no whole, sound record.</summary>
    /// <param name="buffer">The bytes.</param>
    public static int SizeOfSound(ReadOnlySpan<byte> buffer)
    {
        if (SizeOf(buffer) is not (var size and > 0))
            return 0;
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(buffer[(size - TrailerSize)..]);
        return stored == Checksum(buffer[..(size - TrailerSize)]) ? size : 0;
    }

    /// <summary>The size of the record at the start of a buffer, not checking its sum; 0 when it is not whole.</summary>
    /// <param name="buffer">The bytes.</param>
    public static int SizeOf(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < Overhead)
            return 0;
        var payload = BinaryPrimitives.ReadInt32LittleEndian(buffer);
        return payload is >= 0 and <= MaxPayload && buffer.Length >= Overhead + payload ? Overhead + payload : 0;
    }

    /// <summary>Reads the record at the start of a buffer whose size is known to be good.</summary>
    /// <param name="buffer">The bytes; the line's bytes point into them.</param>
    /// <param name="size">What <see cref="SizeOf"/> said.</param>
    /// <param name="position">The record's place, which is not stored.</param>
    public static ConsoleLine Read(ReadOnlyMemory<byte> buffer, int size, ConsolePosition position)
    {
        var span = buffer.Span;
        var micros = BinaryPrimitives.ReadInt64LittleEndian(span[6..]);
        return new ConsoleLine(
            position,
            DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond),
            (ConsoleSource)span[5],
            (ConsoleFlags)span[4],
            buffer.Slice(HeaderSize, size - Overhead));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
            crc = System.Numerics.BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}

using System.Buffers;
using OrleansWings.Consoles;
using OrleansWings.Silo.Tests.Servers;

namespace OrleansWings.Silo.Tests.Abstractions;

public sealed class ConsoleRecordTests
{
    private static readonly DateTimeOffset s_at = ServerSamples.Now.AddTicks(1_234_567);

    [Fact]
    public void Record_Written_IsReadBack()
    {
        foreach (var length in (int[])[0, 1, 7, 8, 1000, ConsoleRecordCodec.MaxPayload])
        {
            var payload = new byte[length];
            new Random(length).NextBytes(payload);
            var bytes = Write(payload, ConsoleFlags.Partial | ConsoleFlags.Cut, ConsoleSource.Install);

            Assert.Equal(length + ConsoleRecordCodec.Overhead, bytes.Length);
            Assert.Equal(bytes.Length, ConsoleRecordCodec.SizeOfSound(bytes.Span));
            var line = ConsoleRecordCodec.Read(bytes, bytes.Length, new ConsolePosition(3, 4));
            Assert.Equal((new ConsolePosition(3, 4), ConsoleSource.Install, ConsoleFlags.Partial | ConsoleFlags.Cut, true), (line.Position, line.Source, line.Flags, line.IsPartial));
            Assert.Equal(s_at.AddTicks(-7), line.At);
            Assert.Equal(payload, line.Bytes.ToArray());
        }
    }

    [Fact]
    public void Record_OnDisk_HasTheFrozenForm()
        => Assert.Equal(
            "0300000002010068F32BC04F0600616263",
            Convert.ToHexString(Write("abc"u8, ConsoleFlags.Cut, ConsoleSource.Wings, DateTimeOffset.UnixEpoch.AddMicroseconds(0x00064FC02BF36800)).Span[..17]));

    [Fact]
    public void Record_TornOrFlipped_IsNotSound()
    {
        var bytes = Write("hello"u8).ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(0, ConsoleRecordCodec.SizeOfSound(bytes.AsSpan(0, length)));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(0, ConsoleRecordCodec.SizeOfSound(flipped));
        }
    }

    [Fact]
    public void Record_OverTheLimit_IsRefused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Write(new byte[ConsoleRecordCodec.MaxPayload + 1]));

    [Fact]
    public void Batch_SkippedTo_KeepsTheRestAndItsNumbers()
    {
        var batch = Batch(10);
        for (var sequence = 0; sequence <= 15; sequence++)
        {
            var rest = batch.SkipTo(sequence);
            var first = Math.Max(5, sequence);
            Assert.Equal(Enumerable.Range(first, 15 - first), rest.Lines().Select(line => (int)line.Position.Sequence));
            Assert.All(rest.Lines(), line => Assert.Equal((byte)line.Position.Sequence, line.Bytes.Span[0]));
            Assert.Equal(new ConsolePosition(2, 15), rest.Next);
        }

        Assert.Same(batch, batch.SkipTo(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.SkipTo(16));
    }

    [Fact]
    public void Batch_ThatIsTorn_SaysWhere()
    {
        var batch = Batch(3);
        var torn = batch with { Records = batch.Records[..^1] };

        var e = Assert.Throws<InvalidDataException>(() => torn.Lines().Count());

        Assert.Equal($"The batch 2:5 of server {ServerSamples.Id} ends after 2 of its 3 records.", e.Message);
    }

    [Fact]
    public void Positions_AreOrderedByRunThenNumber()
    {
        ConsolePosition[] ordered = [new(1, 9), new(2, 1), new(2, 2), new(10, 1)];

        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.Equal("10:1", ordered[^1].ToString());
    }

    private static ConsoleBatch Batch(int count)
    {
        var writer = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
            ConsoleRecordCodec.Write(writer, s_at, ConsoleSource.Game, ConsoleFlags.None, [(byte)(5 + i), 1, 2]);
        return new ConsoleBatch { Server = ServerSamples.Id, First = new ConsolePosition(2, 5), Count = count, Records = writer.WrittenMemory };
    }

    private static ReadOnlyMemory<byte> Write(
        ReadOnlySpan<byte> payload, ConsoleFlags flags = ConsoleFlags.None, ConsoleSource source = ConsoleSource.Game, DateTimeOffset? at = null)
    {
        var writer = new ArrayBufferWriter<byte>();
        ConsoleRecordCodec.Write(writer, at ?? s_at, source, flags, payload);
        return writer.WrittenMemory;
    }
}

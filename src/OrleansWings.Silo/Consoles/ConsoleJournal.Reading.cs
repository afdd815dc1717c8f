using System.Buffers;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

internal sealed partial class ConsoleJournal
{
    private const int MaxTail = 100_000;
    private const int MaxPage = 1 << 20;

    /// <summary>
    /// Records from the asked place on, at least one if there is any; where they are not kept, from the next that is.
    /// Goes on in the next run when one is finished. No batch: go on at the page's head.
    /// </summary>
    public ConsolePage Read(ConsoleCursor from, int maxBytes)
    {
        maxBytes = Math.Clamp(maxBytes, 1, MaxPage);
        var wanted = from.Next ?? StartOfTail(Math.Clamp(from.Tail, 0, MaxTail));
        while (true)
        {
            JournalSegment? segment;
            (long Sequence, long Offset) near;
            long length;
            lock (_gate)
            {
                segment = Find(wanted);
                if (segment is null)
                    return new ConsolePage { Batch = ReadRing(wanted, maxBytes), Head = _head };
                if (segment.Run != wanted.Run || segment.First > wanted.Sequence)
                    wanted = new ConsolePosition(segment.Run, segment.First);
                (near, length) = (segment.Seek(wanted.Sequence), segment.Length);
            }

            if (length == 0 && TryScan(segment))
                continue;
            if (length > 0 && ReadFile(segment, near, wanted, length, maxBytes) is { } batch)
                return new ConsolePage { Batch = batch, Head = Head };
            wanted = After(segment);
        }
    }

    // The first file that may hold the place or something after it; null when only the ring or the future does.
    private JournalSegment? Find(ConsolePosition wanted)
    {
        var index = _segments.Count;
        while (index > 0 && new ConsolePosition(_segments[index - 1].Run, _segments[index - 1].First).CompareTo(wanted) > 0)
            index--;
        if (index > 0 && _segments[index - 1] is var before && before.Run == wanted.Run && (before.End is null || wanted.Sequence < before.End))
            return before;
        while (index < _segments.Count && _segments[index].End == _segments[index].First)
            index++;
        return index < _segments.Count ? _segments[index] : null;
    }

    // What cannot be read is passed over this time, as a gap; the next reader tries anew.
    private ConsolePosition After(JournalSegment segment)
    {
        lock (_gate)
        {
            var next = _segments.Find(s => s.Run > segment.Run || s.Run == segment.Run && s.First > segment.First);
            return next is not null ? new ConsolePosition(next.Run, next.First)
                : _ring is not null ? _head with { Sequence = _ring.First }
                : _head;
        }
    }

    private ConsolePosition StartOfTail(int records)
    {
        JournalSegment? newest = null;
        while (true)
        {
            lock (_gate)
            {
                if (_head.Sequence > ConsolePosition.Start.Sequence || _segments.Count == 0 || records == 0 || newest == _segments[^1])
                    return _head with { Sequence = Math.Max(_head.Sequence - records, ConsolePosition.Start.Sequence) };
                newest = _segments[^1];
                if (newest.End is { } end)
                    return new ConsolePosition(newest.Run, Math.Max(end - records, ConsolePosition.Start.Sequence));
            }

            if (TryScan(newest))
                newest = null;
        }
    }

    private bool TryScan(JournalSegment segment)
    {
        var path = segment.PathIn(_folder);
        try
        {
            var scan = segment.Scan(_folder);
            if (scan.Rest > 0)
                LogCorrupt(path, scan.End, scan.Rest);
            lock (_gate)
                segment.Found(scan);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRead(path, exception);
            return false;
        }
    }

    private ConsoleBatch? ReadFile(JournalSegment segment, (long Sequence, long Offset) near, ConsolePosition wanted, long length, int maxBytes)
    {
        var path = segment.PathIn(_folder);
        // Most consoles are short, and a host that begins reads a hundred of them.
        var enough = Math.Max(maxBytes, RecordBuffer.MarkDistance) + ConsoleRecordCodec.Overhead + ConsoleRecordCodec.MaxPayload;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length - near.Offset, enough));
        try
        {
            using var file = JournalSegment.Open(path, FileMode.Open, FileAccess.Read);
            while (true)
            {
                var size = (int)Math.Min(length - near.Offset, buffer.Length);
                var bytes = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, size), near.Offset));
                if (near.Sequence == wanted.Sequence)
                {
                    var count = CountRecords(bytes, int.MaxValue, maxBytes, out var taken);
                    if (count == 0)
                        throw new IOException($"{path} is shorter than it was.");
                    lock (_gate)
                        segment.Remember(near.Sequence + count, near.Offset + taken);
                    return Batch(wanted, count, bytes[..taken].ToArray());
                }

                var skipped = CountRecords(bytes, (int)Math.Min(wanted.Sequence - near.Sequence, int.MaxValue), int.MaxValue, out var passed);
                if (skipped == 0)
                    throw new IOException($"{path} is shorter than it was.");
                near = (near.Sequence + skipped, near.Offset + passed);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Often just trimmed since it was found.
            LogNotRead(path, exception);
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ConsoleBatch? ReadRing(ConsolePosition wanted, int maxBytes)
    {
        if (_ring is null || wanted.Run > _head.Run)
            return null;
        var sequence = wanted.Run == _head.Run ? Math.Max(wanted.Sequence, _ring.First) : _ring.First;
        foreach (var (first, count, records) in _ring.Blocks)
        {
            if (sequence >= first + count)
                continue;
            var (start, at) = (0, first);
            for (; at < sequence; at++)
                start += ConsoleRecordCodec.SizeOf(records.AsSpan(start));
            var taken = CountRecords(records.AsSpan(start), int.MaxValue, maxBytes, out var bytes);
            return Batch(new ConsolePosition(_head.Run, sequence), taken, records.AsMemory(start, bytes));
        }

        return null;
    }

    private ConsoleBatch Batch(ConsolePosition first, int count, ReadOnlyMemory<byte> records)
        => new() { Server = _server, First = first, Count = count, Records = records };

    private static int CountRecords(ReadOnlySpan<byte> bytes, int maxCount, int maxBytes, out int taken)
    {
        var count = 0;
        taken = 0;
        while (count < maxCount && ConsoleRecordCodec.SizeOf(bytes[taken..]) is var size and > 0 && (count == 0 || taken + size <= maxBytes))
        {
            taken += size;
            count++;
        }

        return count;
    }
}

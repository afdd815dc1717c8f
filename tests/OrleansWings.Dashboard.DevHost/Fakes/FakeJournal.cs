using System.Buffers;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>A console journal in memory. Safe for several threads.</summary>
public sealed class FakeJournal(ServerId server, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(ConsolePosition Position, byte[] Record)> _records = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConsolePosition _next = ConsolePosition.Start;

    public ConsolePosition Head
    {
        get
        {
            lock (_lock)
                return _next;
        }
    }

    public void BeginRun(int run)
    {
        lock (_lock)
            _next = new ConsolePosition(run, 1);
    }

    public void Write(ReadOnlySpan<byte> bytes, ConsoleSource source = ConsoleSource.Game, ConsoleFlags flags = ConsoleFlags.None)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ConsoleRecordCodec.Write(buffer, time.GetUtcNow(), source, flags, bytes);
        lock (_lock)
        {
            _records.Add((_next, buffer.WrittenSpan.ToArray()));
            _next = _next with { Sequence = _next.Sequence + 1 };
            _arrived.SetResult();
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Forgets the oldest records, as a capped journal does.</summary>
    public void Forget(int records)
    {
        lock (_lock)
            _records.RemoveRange(0, Math.Min(records, _records.Count));
    }

    public async IAsyncEnumerable<ConsoleBatch> WatchAsync(
        ConsoleCursor from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
                arrived = _arrived.Task;
            while (Read(from, 64 * 1024) is { } batch)
            {
                yield return batch;
                from = ConsoleCursor.From(batch.Next);
            }

            await arrived.WaitAsync(cancellationToken);
        }
    }

    public ConsoleBatch? Read(ConsoleCursor from, int maxBytes)
    {
        lock (_lock)
        {
            var start = from.Next is { } next ? _records.FindIndex(record => record.Position.CompareTo(next) >= 0) : Math.Max(0, _records.Count - from.Tail);
            if (start < 0 || start >= _records.Count)
                return null;
            var first = _records[start].Position;
            var bytes = new ArrayBufferWriter<byte>();
            var count = 0;
            for (var i = start; i < _records.Count && _records[i].Position.Run == first.Run && (count == 0 || bytes.WrittenCount < maxBytes); i++)
            {
                bytes.Write(_records[i].Record);
                count++;
            }

            return new ConsoleBatch { Server = server, First = first, Count = count, Records = bytes.WrittenSpan.ToArray() };
        }
    }
}

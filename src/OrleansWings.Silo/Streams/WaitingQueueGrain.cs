using Orleans.Concurrency;
using Orleans.Providers;

namespace OrleansWings.Silo.Streams;

/// <summary>
/// A memory stream's queue whose reader waits in it until there is something, instead of coming by every few
/// milliseconds: a message leaves at once, and a quiet queue costs one call in a while.
/// </summary>
/// <remarks>Stands in for Orleans' own queue grain behind the same interface; <c>RoleGrains</c> leaves that one out.</remarks>
[GrainType("stream-queue"), Reentrant]
internal sealed class WaitingQueueGrain(TimeProvider time) : Grain, IMemoryStreamQueueGrain
{
    /// <summary>As Orleans': who sends faster than anybody listens is told so.</summary>
    private const int MaxEvents = 16_384;

    // Console batches are up to 64 KiB each: the number alone would allow a gigabyte.
    private const long MaxBytes = 64L * 1024 * 1024;

    // Well under the time-out of a call, and short enough that a silo that stops is not held up.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);

    private readonly Queue<MemoryMessageData> _events = new();
    private TaskCompletionSource? _waiting;
    private long _bytes;
    private long _sequence = time.GetUtcNow().UtcTicks;

    public Task Enqueue(MemoryMessageData data)
    {
        if (_events.Count >= MaxEvents || _bytes >= MaxBytes)
            throw new InvalidOperationException($"The stream queue is full: {_events.Count} messages of {_bytes} bytes wait in it.");
        _bytes += data.Payload.Count;
        data.SequenceNumber = _sequence++;
        _events.Enqueue(data);
        _waiting?.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<List<MemoryMessageData>> Dequeue(int maxCount)
    {
        if (_events.Count == 0)
        {
            var waiting = _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.WhenAny(waiting.Task, Task.Delay(s_longestWait, time));
        }

        var taken = new List<MemoryMessageData>(Math.Min(maxCount, _events.Count));
        while (taken.Count < maxCount && _events.TryDequeue(out var data))
        {
            taken.Add(data);
            _bytes -= data.Payload.Count;
        }

        return taken;
    }
}

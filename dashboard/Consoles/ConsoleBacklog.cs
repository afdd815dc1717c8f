using OrleansWings.Consoles;

namespace OrleansWings.Dashboard.Consoles;

/// <summary>Records that a viewer is not shown, because it was too far behind.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
public readonly record struct SkippedRecords(ConsolePosition First, ConsolePosition Last);

/// <summary>
/// What a viewer still has to be written. A viewer further behind than the limits loses the oldest of it, and is told
/// which. Not safe for two threads.
/// </summary>
public sealed class ConsoleBacklog
{
    /// <summary>More bytes than this are not kept waiting.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>More records than this are not kept waiting: the terminal's scrollback holds half of them.</summary>
    public const int MaxRecords = 20_000;

    private readonly LinkedList<ConsoleBatch> _batches = [];
    private SkippedRecords? _skipped;

    /// <summary>Bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records that wait.</summary>
    public int Records { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _batches.Count == 0 && _skipped is null;

    /// <summary>Takes a batch; when there is too much then, the oldest go until half of it is left.</summary>
    public void Add(ConsoleBatch batch)
    {
        if (batch.Count == 0)
            return;
        _batches.AddLast(batch);
        Bytes += batch.Records.Length;
        Records += batch.Count;
        if (Bytes <= MaxBytes && Records <= MaxRecords)
            return;

        // To the half, not to the limit: else each new batch would skip a little, and nothing would be seen but notices.
        while ((Bytes > MaxBytes / 2 || Records > MaxRecords / 2) && _batches.Count > 1)
        {
            var dropped = Take()!;
            _skipped = new SkippedRecords(_skipped?.First ?? dropped.First, dropped.Next with { Sequence = dropped.Next.Sequence - 1 });
        }
    }

    /// <summary>What was left out before the next batch; null when nothing was. Asked once.</summary>
    public SkippedRecords? TakeSkipped()
    {
        var skipped = _skipped;
        _skipped = null;
        return skipped;
    }

    /// <summary>The oldest batch; null when none waits.</summary>
    public ConsoleBatch? Take()
    {
        if (_batches.First is not { Value: var batch })
            return null;
        _batches.RemoveFirst();
        Bytes -= batch.Records.Length;
        Records -= batch.Count;
        return batch;
    }
}

namespace OrleansWings.Silo.Consoles;

/// <summary>The newest records, in memory, while the disk cannot be written. Drops the oldest, whole blocks at a time.</summary>
internal sealed class RecordRing(long first, int capacity)
{
    // What a block costs besides its bytes, so that many tiny ones are bounded too.
    private const int BlockCost = 64;

    private readonly Queue<(long First, int Count, byte[] Records)> _blocks = [];
    private long _cost;

    /// <summary>The first record still kept.</summary>
    public long First { get; private set; } = first;

    /// <summary>The number after the last.</summary>
    public long End { get; private set; } = first;

    public IEnumerable<(long First, int Count, byte[] Records)> Blocks => _blocks;

    public void Add(RecordBuffer records)
    {
        _blocks.Enqueue((End, records.Count, records.Written.ToArray()));
        End += records.Count;
        _cost += records.Length + BlockCost;
        while (_cost > capacity && _blocks.Count > 1)
            _cost -= _blocks.Dequeue().Records.Length + BlockCost;
        First = _blocks.Peek().First;
    }
}

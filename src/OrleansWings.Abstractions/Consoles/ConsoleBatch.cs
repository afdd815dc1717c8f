using OrleansWings.Servers;

namespace OrleansWings.Consoles;

/// <summary>
/// Consecutive console records of one run: a slice of the host's journal as it stands there. What lies between two
/// batches is told by their numbers.
/// </summary>
[GenerateSerializer, Immutable, Alias("console-batch")]
public sealed record ConsoleBatch
{
    /// <summary>The server.</summary>
    [Id(0)]
    public required ServerId Server { get; init; }

    /// <summary>The place of the first record.</summary>
    [Id(1)]
    public ConsolePosition First { get; init; }

    /// <summary>How many records.</summary>
    [Id(2)]
    public int Count { get; init; }

    /// <summary>The records, as <see cref="ConsoleRecordCodec"/> writes them.</summary>
    [Id(3)]
    public ReadOnlyMemory<byte> Records { get; init; }

    /// <summary>The place after the last record, within the same run.</summary>
    public ConsolePosition Next => First with { Sequence = First.Sequence + Count };

    /// <summary>The records, one after the other.</summary>
    public IEnumerable<ConsoleLine> Lines()
    {
        var rest = Records;
        for (var i = 0; i < Count; i++)
        {
            var size = ConsoleRecordCodec.SizeOf(rest.Span);
            if (size == 0)
                throw new InvalidDataException($"The batch {First} of server {Server} ends after {i} of its {Count} records.");
            yield return ConsoleRecordCodec.Read(rest, size, First with { Sequence = First.Sequence + i });
            rest = rest[size..];
        }
    }

    /// <summary>The same batch without the records before a number.</summary>
    /// <param name="sequence">The first number to keep, within the batch.</param>
    public ConsoleBatch SkipTo(long sequence)
    {
        var skip = (int)(sequence - First.Sequence);
        if (skip <= 0)
            return this;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skip, Count);
        var rest = Records;
        for (var i = 0; i < skip; i++)
            rest = rest[ConsoleRecordCodec.SizeOf(rest.Span)..];
        return this with { First = First with { Sequence = sequence }, Count = Count - skip, Records = rest };
    }
}

/// <summary>An answer from the journal.</summary>
[GenerateSerializer, Immutable, Alias("console-page")]
public sealed record ConsolePage
{
    /// <summary>
    /// The records from the asked place on, or from the next one that is still kept; null when there is none yet. Where
    /// it begins later than asked, what lies between is not kept any more.
    /// </summary>
    [Id(0)]
    public ConsoleBatch? Batch { get; init; }

    /// <summary>The place that the next new record will have.</summary>
    [Id(1)]
    public ConsolePosition Head { get; init; }
}

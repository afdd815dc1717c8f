namespace OrleansWings.Consoles;

/// <summary>The place of a console record: records are numbered from 1 within each run, without a hole.</summary>
/// <param name="Run">The run, from 1; 0 is before the first.</param>
/// <param name="Sequence">The record's number within the run, from 1.</param>
[GenerateSerializer, Immutable, Alias("console-position")]
public readonly record struct ConsolePosition([property: Id(0)] int Run, [property: Id(1)] long Sequence) : IComparable<ConsolePosition>
{
    /// <summary>The very first record of all.</summary>
    public static ConsolePosition Start { get; } = new(1, 1);

    /// <inheritdoc />
    public int CompareTo(ConsolePosition other)
        => Run != other.Run ? Run.CompareTo(other.Run) : Sequence.CompareTo(other.Sequence);

    /// <summary>"run:sequence".</summary>
    public override string ToString() => $"{Run}:{Sequence}";
}

/// <summary>Where a viewer begins: after a record it has, or so many records before the newest.</summary>
[GenerateSerializer, Immutable, Alias("console-cursor")]
public readonly record struct ConsoleCursor
{
    /// <summary>The first record wanted; null to begin near the newest.</summary>
    [Id(0)]
    public ConsolePosition? Next { get; init; }

    /// <summary>With no <see cref="Next"/>: how many records before the newest, at most 100,000.</summary>
    [Id(1)]
    public int Tail { get; init; }

    /// <summary>Begin with this record.</summary>
    /// <param name="next">The first record wanted.</param>
    public static ConsoleCursor From(ConsolePosition next) => new() { Next = next };

    /// <summary>Begin with the last records of the present run, and of the one before if it is empty.</summary>
    /// <param name="records">How many.</param>
    public static ConsoleCursor Last(int records) => new() { Tail = records };
}

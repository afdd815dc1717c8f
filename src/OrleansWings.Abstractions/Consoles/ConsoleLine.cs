namespace OrleansWings.Consoles;

/// <summary>Who wrote a console record.</summary>
public enum ConsoleSource : byte
{
    /// <summary>The game's process.</summary>
    Game = 0,

    /// <summary>The platform itself, to the server's owner.</summary>
    Wings = 1,

    /// <summary>The installation of the server's files.</summary>
    Install = 2,
}

/// <summary>What is special about a console record.</summary>
[Flags]
public enum ConsoleFlags : byte
{
    /// <summary>A whole line; the line feed that ended it is not part of the bytes.</summary>
    None = 0,

    /// <summary>The line is not ended: the next record of the game continues it. So prompts show at once, and no record is ever rewritten.</summary>
    Partial = 1,

    /// <summary>Cut because the line is longer than 64 KiB; always with <see cref="Partial"/>, nothing is lost.</summary>
    Cut = 2,

    /// <summary>The platform's word that output before this record was lost, and why.</summary>
    Gap = 4,
}

/// <summary>One console record: raw bytes as the terminal got them. Text is derived by who shows it.</summary>
/// <param name="Position">Its run and number.</param>
/// <param name="At">When it was read, UTC, to the microsecond.</param>
/// <param name="Source">Who wrote it.</param>
/// <param name="Flags">What is special about it.</param>
/// <param name="Bytes">At most 64 KiB; colours, carriage returns and bytes that are not UTF-8 survive.</param>
public readonly record struct ConsoleLine(
    ConsolePosition Position, DateTimeOffset At, ConsoleSource Source, ConsoleFlags Flags, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whether the next record continues this line.</summary>
    public bool IsPartial => (Flags & ConsoleFlags.Partial) != 0;
}

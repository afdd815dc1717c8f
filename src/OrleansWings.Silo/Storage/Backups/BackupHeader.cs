using System.Text.Json.Serialization;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>The first line of a backup's file: what it is, for the program and for whoever looks into it.</summary>
public sealed record BackupHeader
{
    /// <summary>The newest format that this version reads, and the one that it writes.</summary>
    internal const int NewestFormat = 1;

    /// <summary>The file's format. First in the line: the file is known by it.</summary>
    [JsonPropertyName("orleansWingsBackup"), JsonPropertyOrder(-1)]
    public int Format { get; init; } = NewestFormat;

    /// <summary>The version of the program that wrote it.</summary>
    public required string Program { get; init; }

    /// <summary>When it was taken, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The installation's id, which its containers and hosts have too; null when it had none yet.</summary>
    public Guid? Installation { get; init; }

    /// <summary>Where it was taken from, in words.</summary>
    public required string Source { get; init; }

    /// <summary>The machine whose name its servers are assigned to; null for a fleet's.</summary>
    public string? Host { get; init; }

    /// <summary>How many of each kind it holds.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();
}

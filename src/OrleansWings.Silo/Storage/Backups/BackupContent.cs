using System.Text.Json;
using OrleansWings.Silo.Fleets;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>What a backup holds.</summary>
public sealed class BackupContent
{
    internal BackupContent(BackupHeader header, IReadOnlyList<BackupEntry> entries, string checksum)
        => (Header, Entries, Checksum) = (header, entries, checksum);

    /// <summary>Where it comes from, and when.</summary>
    public BackupHeader Header { get; }

    /// <summary>How many there are of each kind, for a person.</summary>
    public string Words => Count(Entries);

    /// <summary>How many there are.</summary>
    public int Total => Entries.Count;

    /// <summary>The users' document; null when there were none.</summary>
    public byte[]? Users => Entries.FirstOrDefault(entry => !entry.IsState)?.Payload;

    /// <summary>What cannot be read, and is kept as the store has it.</summary>
    public IReadOnlyList<string> Damaged => [.. Entries.Where(entry => entry.FindSchema() is null).Select(entry => entry.Name)];

    internal IReadOnlyList<BackupEntry> Entries { get; }

    /// <summary>Of the file that it was read from; "" before it is in one.</summary>
    internal string Checksum { get; }

    /// <summary>One that was just taken.</summary>
    internal static BackupContent Taken(BackupHeader header, IEnumerable<BackupEntry> entries)
    {
        // In the order of the kinds, so that two backups of the same state are the same.
        var order = BackupEntry.Kinds.ToList();
        BackupEntry[] all = [.. entries.OrderBy(entry => order.IndexOf(entry.Kind)).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
        if (all.FirstOrDefault(entry => !order.Contains(entry.Kind)) is { } unknown)
            throw new BackupException($"The cluster's store holds a state '{unknown.Kind}' that this version does not know. Use the version that wrote it.");
        return new BackupContent(
            header with { Installation = FindInstallation(all), Counts = all.CountBy(entry => entry.Kind).ToDictionary() }, all, checksum: "");
    }

    /// <summary>In words, as many of each kind as there are.</summary>
    internal static string Count(IReadOnlyCollection<BackupEntry> entries)
        => string.Join(", ", BackupEntry.Kinds.Select(kind => (kind, count: entries.Count(entry => entry.Kind == kind))).Where(kind => kind.count > 0)
            .Select(kind => kind.kind == FleetDocuments.Users ? "the users" : $"{kind.count} {kind.kind}"));

    /// <summary>What two of them do not have in common, by name.</summary>
    internal static IReadOnlyList<string> Differences(IEnumerable<BackupEntry> one, IEnumerable<BackupEntry> other)
    {
        var (left, right) = (one.ToDictionary(entry => entry.Name, entry => entry.Payload), other.ToDictionary(entry => entry.Name, entry => entry.Payload));
        return [.. left.Keys.Union(right.Keys).Where(name => !left.TryGetValue(name, out var a) || !right.TryGetValue(name, out var b) || !a.AsSpan().SequenceEqual(b)).Order(StringComparer.Ordinal)];
    }

    private static Guid? FindInstallation(IEnumerable<BackupEntry> entries)
        => ReadFleet(entries) is { ClusterId: var id } && id != Guid.Empty ? id : null;

    /// <summary>The list of hosts; null when there is none that can be read.</summary>
    internal static FleetRecord? ReadFleet(IEnumerable<BackupEntry> entries)
    {
        try
        {
            return entries.FirstOrDefault(entry => entry.Kind == "fleet") is { } fleet ? new StoredStateSerializer().Deserialize<FleetRecord>(new BinaryData(fleet.Payload)) : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException)
        {
            return null;
        }
    }
}

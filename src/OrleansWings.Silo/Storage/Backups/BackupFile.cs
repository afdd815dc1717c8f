using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>
/// The file of a backup: a line of JSON that says what it is, then all entries, compressed, then the SHA-256 of everything before it. Each
/// entry is a line of JSON with its kind, key and length, and its bytes as the store has them.
/// </summary>
public static class BackupFile
{
    private const int ChecksumLength = 64;
    private const int MaxHeader = 64 * 1024;
    private static readonly byte[] s_begin = "{\"orleansWingsBackup\":"u8.ToArray();

    /// <summary>Writes one; gives its length.</summary>
    public static long Write(Stream stream, BackupContent content)
    {
        using var file = new MemoryStream();
        file.Write(JsonSerializer.SerializeToUtf8Bytes(content.Header, WingsJson.Options));
        file.WriteByte((byte)'\n');
        using (var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var entry in content.Entries)
            {
                packed.Write(JsonSerializer.SerializeToUtf8Bytes(new Line(entry.Kind, entry.Key, entry.Payload.Length), WingsJson.Options));
                packed.WriteByte((byte)'\n');
                packed.Write(entry.Payload);
                packed.WriteByte((byte)'\n');
            }
        }

        file.Write(Encoding.ASCII.GetBytes(Checksum(file.GetBuffer().AsSpan(0, (int)file.Length)) + "\n"));
        file.WriteTo(stream);
        return file.Length;
    }

    /// <summary>Reads one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BackupException">It is none, or not whole, or a newer version wrote it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BackupContent Read(string path) => Read(File.ReadAllBytes(path), path);

    internal static BackupContent Read(ReadOnlySpan<byte> file, string name)
    {
        if (!file.StartsWith(s_begin))
            throw new BackupException($"{name} is not a backup of OrleansWings.");
        var end = file[..Math.Min(file.Length, MaxHeader)].IndexOf((byte)'\n');
        if (end >= 0)
            RefuseNewer(file[..end], name);
        if (end < 0 || file.Length < end + ChecksumLength + 2 || file[^1] != '\n')
            throw NotWhole(name);
        var content = file[..^(ChecksumLength + 1)];
        var checksum = Encoding.ASCII.GetString(file[^(ChecksumLength + 1)..^1]);
        if (Checksum(content) != checksum)
            throw NotWhole(name);
        try
        {
            var header = JsonSerializer.Deserialize<BackupHeader>(file[..end], WingsJson.Options)!;
            var entries = ReadEntries(content[(end + 1)..]);
            // Of a state there is one, and the users have no key; what is printed of a file is text.
            var isSound = header.Counts is not null && header.Program is not null && header.Source is not null
                && entries.DistinctBy(entry => (entry.Kind, entry.Key)).Count() == entries.Count && entries.All(entry => entry.IsState || entry.Key.Length == 0)
                && !$"{header.Program}{header.Source}{header.Host}".Any(char.IsControl) && !entries.Exists(entry => entry.Name.Any(char.IsControl));
            return isSound && entries.CountBy(entry => entry.Kind).ToDictionary().OrderBy(kind => kind.Key).SequenceEqual(header.Counts!.OrderBy(kind => kind.Key))
                ? new BackupContent(header, entries, checksum)
                : throw NotWhole(name);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException)
        {
            throw NotWhole(name);
        }
    }

    private static List<BackupEntry> ReadEntries(ReadOnlySpan<byte> packed)
    {
        using var unpacked = new MemoryStream();
        using (var stream = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress))
            stream.CopyTo(unpacked);
        var rest = unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length);
        var entries = new List<BackupEntry>();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 || JsonSerializer.Deserialize<Line>(rest[..end], WingsJson.Options) is not { Kind: not null, Key: not null } line || line.Length < 0 || line.Length > rest.Length - end - 2)
                throw new InvalidDataException();
            entries.Add(new BackupEntry(line.Kind, line.Key, rest.Slice(end + 1, line.Length).ToArray()));
            rest = rest[(end + line.Length + 2)..];
        }

        return entries;
    }

    // Before the checksum: a newer format may have another one.
    private static void RefuseNewer(ReadOnlySpan<byte> line, string name)
    {
        try
        {
            using var header = JsonDocument.Parse(line.ToArray());
            if (header.RootElement.GetProperty("orleansWingsBackup").GetInt32() is var format and > BackupHeader.NewestFormat)
                throw new BackupException($"{name} has format {format}, which this version of the program does not know. Restore it with the version that wrote it{Writer(header.RootElement)}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw NotWhole(name);
        }
    }

    private static string Writer(JsonElement header)
        => header.TryGetProperty("program", out var program) && program.ValueKind == JsonValueKind.String ? $" ({program.GetString()})" : "";

    private static string Checksum(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static BackupException NotWhole(string name) => new($"{name} is not whole: it was cut short or changed since it was written. Nothing was restored from it. Take another copy of it, or another backup.");

    private sealed record Line(string Kind, string Key, int Length);
}

using System.Text.Json.Nodes;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>
/// Servers that were in the trash when a backup was taken: pure. They may have been brought back since, and a host that has lost its ledger would delete them once
/// more, with files whose age in the trash is long over. Their time begins anew with the restore, so that a person can bring them back.
/// </summary>
internal static class RestoredTrash
{
    /// <summary>All entries, deleted servers as deleted now.</summary>
    /// <param name="entries">As the backup has them.</param>
    /// <param name="now">When it is restored.</param>
    public static IReadOnlyList<BackupEntry> Begin(IReadOnlyList<BackupEntry> entries, DateTimeOffset now)
        => [.. entries.Select(entry => entry.Kind == "record" ? entry.TryChange(record => Begin(record, now)) ?? entry : entry)];

    private static bool Begin(JsonObject record, DateTimeOffset now)
    {
        if (record["assignment"] is not JsonObject assignment || assignment["deletedAt"] is null)
            return false;
        assignment["deletedAt"] = now;
        return true;
    }
}

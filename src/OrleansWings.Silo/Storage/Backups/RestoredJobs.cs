using System.Text.Json.Nodes;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>
/// Jobs that were not over when a backup was taken: they end with its restore. What they asked for was meant for that day, and one that went on
/// would stop and restart servers about which nobody knows any more what had been done with them. Pure.
/// </summary>
internal static class RestoredJobs
{
    private const string Why = "A backup was restored that was taken while the job was under way. What became of this server is not known.";

    /// <summary>The same entries, with such jobs called off.</summary>
    /// <param name="entries">What the backup holds.</param>
    /// <param name="at">When it was taken.</param>
    /// <returns>The entries, and how many jobs there were.</returns>
    public static (IReadOnlyList<BackupEntry> Entries, int Ended) End(IReadOnlyList<BackupEntry> entries, DateTimeOffset at)
    {
        var ended = 0;
        var result = entries.Select(entry =>
        {
            if (entry.Kind != "job" || entry.TryChange(job => End(job, at)) is not { } changed)
                return entry;
            ended++;
            return changed;
        }).ToArray();
        return (result, ended);
    }

    private static bool End(JsonObject job, DateTimeOffset at)
    {
        if (job["request"] is null || job["endedAt"] is not null)
            return false;
        job["isCancelled"] = true;
        foreach (var step in job["steps"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            if (step["state"]?.GetValue<string>() != "UnderWay")
                continue;
            step["state"] = "Failed";
            step["endedAt"] = at;
            step["message"] = Why;
        }

        return true;
    }
}

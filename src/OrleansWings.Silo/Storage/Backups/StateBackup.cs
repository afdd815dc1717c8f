using Microsoft.Data.Sqlite;
using OrleansWings.Hosts;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Storage.Moves;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>Takes a backup of the cluster's store while programs work on it.</summary>
public static class StateBackup
{
    /// <summary>Of one machine.</summary>
    /// <param name="stateFile">state.db.</param>
    /// <param name="host">The machine's own name.</param>
    /// <param name="users">The users' document; null when there is none.</param>
    /// <param name="workFolder">A folder for nobody else's eyes; a copy of the state is there until this returns.</param>
    /// <param name="program">The program's version.</param>
    /// <param name="at">The time.</param>
    /// <exception cref="BackupException">It could not be taken.</exception>
    public static async Task<BackupContent> TakeAsync(string stateFile, HostId host, byte[]? users, string workFolder, string program, DateTimeOffset at)
    {
        var copy = Path.Combine(workFolder, "state.db");
        try
        {
            Copy(stateFile, copy);
            var entries = await RawStateFile.ReadAsync(copy, [host.Value]).ConfigureAwait(false);
            var header = new BackupHeader { Program = program, At = at, Source = $"one machine, {host}", Host = host.Value };
            return BackupContent.Taken(header, users is null ? entries : [.. entries, new BackupEntry(FleetDocuments.Users, "", users)]);
        }
        catch (SqliteException e)
        {
            throw new BackupException($"{stateFile} could not be copied into {Path.GetDirectoryName(workFolder)}: {StoreRefusal.Reason(e)} Nothing was saved.");
        }
    }

    /// <summary>Of a fleet.</summary>
    /// <param name="fleet">Where its store is.</param>
    /// <param name="program">The program's version.</param>
    /// <param name="time">The time.</param>
    /// <exception cref="BackupException">It could not be taken.</exception>
    public static Task<BackupContent> TakeAsync(FleetOptions fleet, string program, TimeProvider time)
        => BackupStore.WithAsync(fleet, "saved", async (_, redis) =>
        {
            if (await MoveMark.RefuseAsync(redis).ConfigureAwait(false) is { } refusal)
                throw new BackupException(refusal);
            var entries = await FleetSnapshot.ReadAsync(redis).ConfigureAwait(false);
            return entries.Count == 0
                ? throw new BackupException($"WINGS_REDIS: {fleet.Store} has no fleet's state in it, so there is nothing to save.")
                : BackupContent.Taken(new BackupHeader { Program = program, At = time.GetUtcNow(), Source = $"fleet {fleet.ClusterId} at {fleet.Store}" }, entries);
        });

    // SQLite's own copy: what was committed when it began, whatever is written meanwhile, and nobody waits for it.
    private static void Copy(string stateFile, string copy)
    {
        var connect = new SqliteConnectionStringBuilder { DataSource = stateFile, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 10 };
        using var connection = new SqliteConnection(connect.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        command.ExecuteNonQuery();
    }
}

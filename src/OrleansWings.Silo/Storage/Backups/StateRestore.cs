using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Storage.Moves;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>What a restore did.</summary>
/// <param name="EndedJobs">Jobs that were not over, and are cancelled.</param>
/// <param name="IsKeptOnDisk">Whether the store says that it writes what it is told to its disk.</param>
public sealed record StateRestoreResult(int EndedJobs, bool IsKeptOnDisk);

/// <summary>Puts a backup into an empty store, whole or not at all, however often it is ended on the way.</summary>
public static class StateRestore
{
    private static readonly string[] s_sideFiles = ["-wal", "-shm", "-journal"];

    /// <summary>Into a data folder that is nobody else's meanwhile.</summary>
    /// <param name="content">The backup.</param>
    /// <param name="stateFile">The state.db that is made.</param>
    /// <param name="partFile">Where it grows. It is there for as long as the folder holds a part of it.</param>
    /// <param name="settle">Puts what else belongs to it where it belongs; called when all of the state is there and before anybody sees it.</param>
    /// <exception cref="BackupException">It was refused, or did not come to its end.</exception>
    public static async Task<StateRestoreResult> IntoFileAsync(BackupContent content, string stateFile, string partFile, Action settle)
    {
        RefuseNewer(content);
        var (entries, ended) = Prepare(content);
        BackupEntry[] states = [.. entries.Where(entry => entry.IsState)];
        // One that was ended may have settled already: then its mark stays until all is there.
        var isMark = File.Exists(partFile);
        try
        {
            RefuseState(stateFile);
            // Emptied and not deleted: it is the mark of one that was ended.
            Array.ForEach(s_sideFiles, ending => File.Delete(partFile + ending));
            await File.WriteAllBytesAsync(partFile, []).ConfigureAwait(false);
            await RawStateFile.WriteAsync(partFile, states).ConfigureAwait(false);
            var there = await RawStateFile.ReadAsync(partFile, [content.Header.Host ?? ""]).ConfigureAwait(false);
            if (BackupContent.Differences(states, there) is [var different, ..])
                throw new BackupException($"{partFile} was given {different} and does not give the same back. Nothing was restored.");
            Flush(partFile);
            isMark = true;
            settle();
            // A log that is left of another file would be taken for this one's.
            Delete(stateFile);
            File.Move(partFile, stateFile);
            return new StateRestoreResult(ended, IsKeptOnDisk: true);
        }
        catch (SqliteException e)
        {
            throw new BackupException($"{partFile} cannot be written: {StoreRefusal.Reason(e)} Nothing was restored.");
        }
        finally
        {
            if (!isMark)
                Delete(partFile);
        }
    }

    /// <summary>Into a fleet's Redis.</summary>
    /// <param name="content">The backup.</param>
    /// <param name="fleet">Where to.</param>
    /// <exception cref="BackupException">It was refused, or did not come to its end; then it can be run again.</exception>
    public static Task<StateRestoreResult> IntoFleetAsync(BackupContent content, FleetOptions fleet)
    {
        RefuseNewer(content);
        var (entries, ended) = Prepare(content);
        return BackupStore.WithAsync(fleet, "restored", async (services, redis) =>
        {
            await RefuseLivingAsync(services).ConfigureAwait(false);
            await MarkAsync(redis, content.Checksum).ConfigureAwait(false);
            await EmptyAsync(redis).ConfigureAwait(false);
            var storage = services.GetRequiredKeyedService<IGrainStorage>(WingsStore.Name);
            foreach (var state in entries.Where(entry => entry.IsState))
                await RawState.WriteAsync(storage, state).ConfigureAwait(false);
            if (content.Users is { } users)
                await redis.StringSetAsync(FleetDocuments.Key(FleetDocuments.Users), users).ConfigureAwait(false);
            if (BackupContent.Differences(entries, await FleetSnapshot.ReadAsync(redis).ConfigureAwait(false)) is [var different, ..])
                throw new BackupException($"Redis at {fleet.Store} was given {different} and does not give the same back. Is somebody else using it? Stop every control process of the fleet and run restore again.");
            await MoveMark.RemoveAsync(redis).ConfigureAwait(false);
            return new StateRestoreResult(ended, await StateMove.IsKeptOnDiskAsync(redis).ConfigureAwait(false));
        });
    }

    private static (IReadOnlyList<BackupEntry> Entries, int EndedJobs) Prepare(BackupContent content)
    {
        var (entries, ended) = RestoredJobs.End(content.Entries, content.Header.At);
        return (RestoredTrash.Begin(entries, TimeProvider.System.GetUtcNow()), ended);
    }

    /// <summary>Nothing is taken that this version would not read: it would name it as damaged, one record after another.</summary>
    private static void RefuseNewer(BackupContent content)
    {
        if (content.Entries.FirstOrDefault(entry => !BackupEntry.Kinds.Contains(entry.Kind) || entry.FindSchema() > StoredStateSerializer.Schema) is { } newer)
            throw new BackupException($"The backup holds '{newer.Name}' in a form that this version of the program does not know. Restore it with the version that wrote it ({content.Header.Program}).");
    }

    private static void RefuseState(string stateFile)
    {
        var folder = Path.GetDirectoryName(stateFile);
        if (!File.Exists(stateFile))
        {
            if (File.Exists(stateFile + "-wal"))
                throw new BackupException($"WINGS_DATA: {folder} has a state.db-wal without its state.db. Nothing was restored. Move it away, to where that one is.");
            return;
        }

        if (new FileInfo(stateFile).Length > 0 && CountStates(stateFile) is > 0 and var count)
            throw new BackupException($"WINGS_DATA: {folder} has a state.db with {count} states in it. Nothing was restored. Name an empty folder; or move state.db away, with the state.db-wal and state.db-shm beside it.");
    }

    private static int CountStates(string stateFile)
    {
        using (var connection = SqliteFile.Open(stateFile))
            StoreSchema.Ensure(connection);
        return StateFileContent.ReadRows(stateFile).Count;
    }

    private static void Delete(string file) => Array.ForEach(["", .. s_sideFiles], ending => File.Delete(file + ending));

    // Out of the log into the file, and the file onto the disk: it is renamed without the log.
    private static void Flush(string file)
    {
        using (var connection = SqliteFile.Open(file))
            SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        using (var whole = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
            whole.Flush(flushToDisk: true);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (File.Exists(file + "-wal"))
            throw new BackupException($"{file} is in use by somebody else. Nothing was restored.");
    }

    // Hosts have no state of the cluster in their memory, and their games need not wait for them.
    private static async Task RefuseLivingAsync(IServiceProvider services)
    {
        if (await LivingMembers.FindAsync(services.GetRequiredService<IMembershipTable>(), TimeProvider.System, SiloNames.IsControl).ConfigureAwait(false) is { Count: > 0 } living)
            throw new BackupException($"WINGS_REDIS: {string.Join(", ", living)} {(living.Count == 1 ? "is" : "are")} at work on it. Nothing was restored. Stop every control process of that fleet first; or name an empty database, for example redis://host:6379/1.");
    }

    private static async Task MarkAsync(IDatabase redis, string checksum)
    {
        var mark = await MoveMark.ReadAsync(redis).ConfigureAwait(false);
        if (mark is not null && !MoveMark.IsRestore(mark))
            throw new BackupException("WINGS_REDIS: a machine's state is being moved into this Redis. Nothing was restored. Name an empty database, for example redis://host:6379/1.");
        // With a restore's mark whatever is there came out of a backup alone.
        if (mark is null && await FleetSnapshot.ReadAsync(redis).ConfigureAwait(false) is { Count: > 0 } there)
            throw new BackupException($"WINGS_REDIS: a fleet's state is in it already: {BackupContent.Count(there)}. Nothing was restored. If it is what this backup shall take the place of: stop every control process, empty this database (redis-cli FLUSHDB) and run restore again; else name an empty one, for example redis://host:6379/1.");
        if (!await MoveMark.SetRestoreAsync(redis, checksum, mark).ConfigureAwait(false))
            throw new BackupException("WINGS_REDIS: somebody else begins to work on this Redis just now. Nothing was restored.");
    }

    private static async Task EmptyAsync(IDatabase redis)
    {
        RedisKey[] keys = [.. redis.Multiplexer.GetServers()[0].Keys(redis.Database, RedisStore.Prefix + "*", pageSize: 1_000), FleetDocuments.Key(FleetDocuments.Users), FleetDocuments.Key(FleetDocuments.CookieKeys)];
        await redis.KeyDeleteAsync(keys).ConfigureAwait(false);
    }
}

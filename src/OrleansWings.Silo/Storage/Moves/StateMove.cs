using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence.Redis;
using Orleans.Storage;
using OrleansWings.Hosts;
using OrleansWings.Silo.Hosting;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>Why a state could not be moved, in words for the person at the terminal.</summary>
public sealed class StateMoveException(string message) : Exception(message);

/// <summary>What a move did.</summary>
/// <param name="Counts">How many of each kind there are, in words.</param>
/// <param name="Total">All of them.</param>
/// <param name="Written">Of those, what had to be written this time.</param>
/// <param name="IsKeptOnDisk">Whether Redis says that it writes what it is told to its disk.</param>
public sealed record StateMoveResult(string Counts, int Total, int Written, bool IsKeptOnDisk);

/// <summary>
/// Copies what grains keep in one machine's state.db into a fleet's Redis. May be killed at any moment and run again: a
/// mark in Redis says that all which is there came from this move.
/// </summary>
public static class StateMove
{
    /// <summary>Moves, reads everything back and compares. The file is only read.</summary>
    /// <param name="stateFile">state.db, which nobody else uses meanwhile.</param>
    /// <param name="host">The machine's own name.</param>
    /// <param name="fleet">Where to.</param>
    /// <param name="differing">Names what else the fleet has that goes along with the state, and that differs from this machine's. Called before anything is changed.</param>
    /// <param name="settle">Called when everything is there: from here on the file is the old one.</param>
    /// <exception cref="StateMoveException">It did not come to its end; what it did can stay, or be gone on with.</exception>
    public static async Task<StateMoveResult> RunAsync(string stateFile, HostId host, FleetOptions fleet, Func<IReadOnlyList<string>> differing, Action settle)
    {
        var items = await StateFileContent.ReadAsync(stateFile, host).ConfigureAwait(false);
        return await WithStoreAsync(fleet, async (services, redis) =>
        {
            var storage = services.GetRequiredKeyedService<IGrainStorage>(WingsStore.Name);
            await RefuseLivingAsync(services).ConfigureAwait(false);
            var written = await FillAsync(items, storage, redis, fleet, differing).ConfigureAwait(false);
            await CompareAsync(items, storage, redis, fleet).ConfigureAwait(false);
            settle();
            await MoveMark.RemoveAsync(redis).ConfigureAwait(false);
            return new StateMoveResult(StateFileContent.Count(items), items.Count, written, await IsKeptOnDiskAsync(redis).ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    /// <summary>For a move that was ended between its last two steps: opens the store to the fleet.</summary>
    /// <exception cref="StateMoveException">The store does not answer.</exception>
    public static Task FinishAsync(FleetOptions fleet) => WithStoreAsync(fleet, async (_, redis) =>
    {
        if (await MoveMark.ReadAsync(redis).ConfigureAwait(false) == fleet.MachineKey.ToString("D"))
            await MoveMark.RemoveAsync(redis).ConfigureAwait(false);
        return true;
    });

    private static async Task<int> FillAsync(IReadOnlyList<StoredItem> items, IGrainStorage storage, IDatabase redis, FleetOptions fleet, Func<IReadOnlyList<string>> differing)
    {
        var isGoingOn = await MoveMark.ReadAsync(redis).ConfigureAwait(false) is { } mover && (mover == fleet.MachineKey.ToString("D") ? true
            : throw new StateMoveException(MoveMark.IsRestore(mover)
                ? "WINGS_REDIS: a backup is being restored into this Redis. Name an empty database, for example redis://host:6379/1."
                : "WINGS_REDIS: another machine is moving its state into this Redis. Only one can be a fleet's first."));
        var others = OthersThan(items, redis);
        var toWrite = new List<StoredItem>();
        List<string> different = [.. differing()];
        foreach (var item in items)
        {
            var isThere = await item.IsInAsync(storage).ConfigureAwait(false);
            if (isThere is false)
                different.Add(item.ToString());
            if (isThere is not true)
                toWrite.Add(item);
        }

        if (!isGoingOn)
            RefuseForeign(different, others, toWrite.Count < items.Count);
        await MoveMark.SetAsync(redis, fleet.MachineKey).ConfigureAwait(false);
        await redis.KeyDeleteAsync([.. others]).ConfigureAwait(false);
        foreach (var item in toWrite)
            await item.WriteAsync(storage).ConfigureAwait(false);
        return toWrite.Count;
    }

    // What a process has in its memory it would write over what is moved; and its users would find others in their place.
    private static async Task RefuseLivingAsync(IServiceProvider services)
    {
        if (await LivingMembers.FindAsync(services.GetRequiredService<IMembershipTable>(), TimeProvider.System).ConfigureAwait(false) is { Count: > 0 } living)
            throw new StateMoveException($"WINGS_REDIS: {string.Join(", ", living)} {(living.Count == 1 ? "is" : "are")} at work on it. Nothing was changed. Stop every process of that fleet first; or name an empty database, for example redis://host:6379/1.");
    }

    // Without the mark it is somebody's: a fleet that runs, or ran, on this Redis.
    private static void RefuseForeign(List<string> different, List<RedisKey> others, bool hasEqual)
    {
        string[] names = [.. different, .. others.Select(key => key.ToString()[RedisStore.Prefix.Length..])];
        if (names.Length == 0)
            return;
        var shown = string.Join(", ", names.Take(5)) + (names.Length > 5 ? $" and {names.Length - 5} more" : "");
        throw new StateMoveException(hasEqual
            ? $"WINGS_REDIS: it has this state already, and a fleet has worked on it since: {shown} differ. Nothing was changed. Start the program with WINGS_REDIS, or name an empty database, for example redis://host:6379/1."
            : $"WINGS_REDIS: a fleet's state is in it already, and not this machine's: {shown}. Nothing was changed. Name an empty database, for example redis://host:6379/1.");
    }

    private static async Task CompareAsync(IReadOnlyList<StoredItem> items, IGrainStorage storage, IDatabase redis, FleetOptions fleet)
    {
        foreach (var item in items)
        {
            if (await item.IsInAsync(storage).ConfigureAwait(false) is not true)
                throw new StateMoveException($"Redis at {fleet.Store} was given {item} and does not give the same back. Is somebody else using it? Run move-state again.");
        }

        if (OthersThan(items, redis) is [var other, ..])
            throw new StateMoveException($"Redis at {fleet.Store} has got {other} meanwhile, from somebody else. Stop every other process of the fleet and run move-state again.");
    }

    private static List<RedisKey> OthersThan(IReadOnlyList<StoredItem> items, IDatabase redis)
    {
        var own = items.Select(item => RedisStore.Key(item.State, item.Grain)).ToHashSet();
        return [.. redis.Multiplexer.GetServers()[0].Keys(redis.Database, RedisStore.Prefix + "*", pageSize: 1_000).Where(key => !own.Contains(key)).Order(Comparer<RedisKey>.Create((a, b) => string.CompareOrdinal(a, b)))];
    }

    /// <summary>Whether Redis says that it writes what it is told to its disk.</summary>
    internal static async Task<bool> IsKeptOnDiskAsync(IDatabase redis)
    {
        try
        {
            // The client's own call for this insists on an administrator's connection.
            var facts = (string?)await redis.ExecuteAsync("INFO", "persistence").ConfigureAwait(false);
            return facts?.Contains("aof_enabled:1", StringComparison.Ordinal) is true;
        }
        catch (RedisServerException)
        {
            // A hosted Redis may not say; it is their business then.
            return true;
        }
    }

    private static async Task<T> WithStoreAsync<T>(FleetOptions fleet, Func<IServiceProvider, IDatabase, Task<T>> work)
    {
        try
        {
            await using var store = await OpenStore.OpenRedisAsync(fleet, null, why => new StateMoveException($"WINGS_REDIS: nothing was moved. {why}")).ConfigureAwait(false);
            var redis = await store.Services.GetRequiredService<RedisLink>().GetAsync().ConfigureAwait(false);
            return await work(store.Services, redis.GetDatabase()).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or RedisStorageException or InconsistentStateException or TimeoutException)
        {
            throw new StateMoveException($"Redis at {fleet.Store} failed in the middle: {e.Message.Split('\n')[0].Trim()} What it has can stay; run move-state again to go on.");
        }
    }
}

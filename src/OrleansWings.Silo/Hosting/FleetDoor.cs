using StackExchange.Redis;

namespace OrleansWings.Silo.Hosting;

/// <summary>
/// Asked before a silo joins: a host's name belongs to the machine that first came with it. A twin that joined would be
/// called for the other's servers.
/// </summary>
internal static class FleetDoor
{
    /// <summary>Takes the host's name for this machine.</summary>
    /// <returns>Null when this machine has it now; else why not.</returns>
    public static async Task<string?> ClaimAsync(IDatabase store, string host, Guid machineKey)
    {
        var key = Key(host);
        var mine = machineKey.ToString("D");
        if (await store.StringSetAsync(key, mine, when: When.NotExists).ConfigureAwait(false))
            return null;
        return await store.StringGetAsync(key).ConfigureAwait(false) == mine
            ? null
            : $"WINGS_HOST: another machine of this fleet has the name '{host}'. Give this one a name of its own."
                + " If it takes the other's place, copy that one's data folder; or, when that is lost, remove the host on its page in the dashboard."
                + $" A host that never joined has no page: delete the key '{key}' in Redis.";
    }

    /// <summary>Takes the store for a cluster: all records in it are one fleet's, whatever its processes call it.</summary>
    /// <returns>Null when the store is this cluster's now; else why not.</returns>
    public static async Task<string?> ClaimStoreAsync(IDatabase store, string cluster)
    {
        if (await store.StringSetAsync(s_cluster, cluster, when: When.NotExists).ConfigureAwait(false))
            return null;
        var holder = (string?)await store.StringGetAsync(s_cluster).ConfigureAwait(false);
        return holder == cluster
            ? null
            : $"WINGS_CLUSTER: this Redis holds the fleet '{holder}', and this process was told '{cluster}'. Give it the same as the others; a fleet of its own needs"
                + " a database of its own (rediss://host:6379/1)."
                + $" To give the whole fleet another name, stop all its processes and delete the key '{s_cluster}' in Redis.";
    }

    /// <summary>The name is nobody's: the next machine that comes with it has it.</summary>
    public static Task FreeAsync(IDatabase store, string host) => store.KeyDeleteAsync(Key(host));

    private static readonly RedisKey s_cluster = $"{WingsNames.ServiceId}/cluster";

    private static RedisKey Key(string host) => $"{WingsNames.ServiceId}/machines/{host}";
}

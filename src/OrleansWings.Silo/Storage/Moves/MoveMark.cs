using StackExchange.Redis;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>
/// Says in Redis that a state is being moved into it, and by which machine. While it is there no silo joins, so that
/// nobody works on half a state; and what is there was put there by that move alone.
/// </summary>
internal static class MoveMark
{
    private static readonly RedisKey s_key = $"{WingsNames.ServiceId}/moving";

    /// <summary>The machine that moves its state; null when none does.</summary>
    public static async Task<string?> ReadAsync(IDatabase store) => await store.StringGetAsync(s_key).ConfigureAwait(false);

    public static Task SetAsync(IDatabase store, Guid machine) => store.StringSetAsync(s_key, machine.ToString("D"));

    public static Task RemoveAsync(IDatabase store) => store.KeyDeleteAsync(s_key);

    /// <summary>Why nobody may work on this store; null when there is no reason.</summary>
    public static async Task<string?> RefuseAsync(IDatabase store)
        => await ReadAsync(store).ConfigureAwait(false) is null ? null
            : "WINGS_REDIS: a machine's state is being moved into this Redis and is not complete. Let 'orleans-wings move-state' come to its end there; if it was ended, run it again.";
}

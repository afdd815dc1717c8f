using StackExchange.Redis;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>
/// Says in Redis that a state is being moved into it, and by which machine; or restored, and out of which backup. While it is there no silo joins, so that
/// nobody works on half a state; and what is there was put there by that one alone.
/// </summary>
internal static class MoveMark
{
    private static readonly RedisKey s_key = $"{WingsNames.ServiceId}/moving";

    // A machine's key never begins so.
    private const string Restore = "restore ";

    /// <summary>Who is at it: the machine that moves its state, or the restore of a backup; null when nobody is.</summary>
    public static async Task<string?> ReadAsync(IDatabase store) => await store.StringGetAsync(s_key).ConfigureAwait(false);

    public static Task SetAsync(IDatabase store, Guid machine) => store.StringSetAsync(s_key, machine.ToString("D"));

    /// <summary>Whether it is a backup that is being restored.</summary>
    public static bool IsRestore(string mark) => mark.StartsWith(Restore, StringComparison.Ordinal);

    /// <summary>Says that a backup is being restored.</summary>
    /// <param name="store">Into it.</param>
    /// <param name="checksum">The backup.</param>
    /// <param name="before">What was read; null for nothing.</param>
    /// <returns>False when somebody else has begun meanwhile.</returns>
    public static Task<bool> SetRestoreAsync(IDatabase store, string checksum, string? before)
        => store.StringSetAsync(s_key, Restore + checksum, when: before is null ? When.NotExists : When.Always);

    public static Task RemoveAsync(IDatabase store) => store.KeyDeleteAsync(s_key);

    /// <summary>Why nobody may work on this store; null when there is no reason.</summary>
    public static async Task<string?> RefuseAsync(IDatabase store)
        => await ReadAsync(store).ConfigureAwait(false) is not { } mark ? null
            : IsRestore(mark) ? "WINGS_REDIS: a backup is being restored into this Redis and is not complete. Let 'orleans-wings restore' come to its end there; if it was ended, run it again."
            : "WINGS_REDIS: a machine's state is being moved into this Redis and is not complete. Let 'orleans-wings move-state' come to its end there; if it was ended, run it again.";
}

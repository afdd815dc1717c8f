using Microsoft.Data.Sqlite;
using Orleans.Persistence.Redis;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Storage;

/// <summary>The answer to whoever asked for what could not be stored, or perhaps was.</summary>
internal static class StoreRefusal
{
    private const string Redis = "StackExchange.Redis.";

    // How Redis' client says that it sent nothing. Everything else it says may follow what a stalled store still carries out.
    private static readonly string[] s_unsent =
        ["it was not sent", "timed out in the backlog", "No connection is active", "No connection (requires writable", "was in the backlog when"];

    // What Redis answers when it takes nothing: it looks before the first write of a command or script, so nothing was done.
    private static readonly (string Said, string Words)[] s_refused =
    [
        ("OOM command not allowed", "The cluster's store is full: its memory limit (maxmemory) is reached."),
        ("READONLY You can't write", "The cluster's store is a copy that can only be read."),
        ("MISCONF ", "The cluster's store cannot write to its disk, and takes nothing until it can."),
        ("NOREPLICAS ", "The cluster's store has too few copies to take anything."),
        ("NOPERM ", "The cluster's store does not allow it to the user of WINGS_REDIS."),
    ];

    /// <summary>What happened to the write that failed so.</summary>
    /// <returns>
    /// <see cref="ServerRefusal.NotStored"/> when it surely was not stored, else <see cref="ServerRefusal.OutcomeUnknown"/>: then nothing that
    /// belongs to it may be taken back.
    /// </returns>
    public static ServerResult Of(Exception exception) => MayHaveHappened(exception)
        ? ServerResult.Refused(
            ServerRefusal.OutcomeUnknown, "The cluster's store gave no answer in time: it may have been stored or not. Look at the state, and ask again.")
        : ServerResult.Refused(ServerRefusal.NotStored, $"Nothing was done: it could not be stored. {Reason(exception)}");

    /// <summary>Why the store answers and takes nothing, in words; null when that is not what happened.</summary>
    public static string? WhyRefused(Exception exception)
        => s_refused.FirstOrDefault(refused => Chain(exception).Any(e => IsRedis(e) && e.Message.Contains(refused.Said, StringComparison.Ordinal))).Words;

    private static bool MayHaveHappened(Exception exception)
        => WhyRefused(exception) is null && Chain(exception).Any(e => e is TimeoutException || IsRedis(e))
            && !Chain(exception).Any(e => s_unsent.Any(said => e.Message.Contains(said, StringComparison.Ordinal)));

    // The storage provider copies the cause, with its stack, into its own message: a person needs the first line.
    public static string Reason(Exception exception)
        => Chain(exception).Any(e => e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL }) ? "The disk is full."
            : WhyRefused(exception) is { } refused ? refused
            : Chain(exception).Any(IsRedis) ? "The cluster's store does not answer."
            : exception.GetBaseException().Message.Split('\n')[0].Trim();

    // The provider's own is all that is left of what a connection that breaks just then throws.
    private static bool IsRedis(Exception exception) => exception is RedisStorageException or StackExchange.Redis.RedisException || exception.Message.Contains(Redis, StringComparison.Ordinal);

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            yield return e;
    }
}

using Microsoft.Data.Sqlite;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Storage;

/// <summary>The answer to whoever asked for what could not be stored.</summary>
internal static class StoreRefusal
{
    public static ServerResult Of(Exception exception)
        => ServerResult.Refused(ServerRefusal.NotStored, $"Nothing was done: it could not be stored. {Reason(exception)}");

    // The storage provider copies the cause, with its stack, into its own message: a person needs the first line.
    public static string Reason(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL })
                return "The disk is full.";
        }

        return exception.GetBaseException().Message.Split('\n')[0].Trim();
    }
}

using Microsoft.Data.Sqlite;
using OrleansWings.Commands;

namespace OrleansWings.DataFolders;

/// <summary>Looks whether a state file is whole before anything writes to it.</summary>
internal static class StateFile
{
    /// <summary>Passes a file that is missing or empty: it is made anew.</summary>
    /// <exception cref="CannotStartException">It is damaged; it was not changed.</exception>
    public static void Check(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return;
        if (FindDamage(path) is { } damage)
            throw new CannotStartException($"The state file {path} is damaged ({damage}). It was left as it is. Restore it from a backup; or move state.db and host.db away together to begin anew, which forgets the servers but not their files under volumes/.");
    }

    private static string? FindDamage(string path)
    {
        // SQLite would treat some of these as another file format and others as an empty database.
        Span<byte> header = stackalloc byte[16];
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.SequenceEqual("SQLite format 3\0"u8))
                return "it is not an SQLite file";
        }

        try
        {
            var connect = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
            using var connection = new SqliteConnection(connect.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            return command.ExecuteScalar() as string is { } answer and not "ok" ? answer : null;
        }
        catch (SqliteException e)
        {
            return e.SqliteExtendedErrorCode == e.SqliteErrorCode ? e.Message : $"{e.Message} ({e.SqliteExtendedErrorCode})";
        }
    }
}

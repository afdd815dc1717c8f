using Microsoft.Data.Sqlite;

namespace OrleansWings.Tests.DataFolders;

internal static class SqliteFiles
{
    /// <summary>A database of a few pages.</summary>
    public static void Create(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO t SELECT i, randomblob(500) FROM n;
            """;
        command.ExecuteNonQuery();
    }
}

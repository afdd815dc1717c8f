using Microsoft.Data.Sqlite;

namespace OrleansWings.Silo.Storage;

/// <summary>
/// The table and the three queries that Orleans' AdoNet storage asks for by name, in SQLite's dialect. Names of columns
/// and parameters are Orleans' contract. A version that does not match answers with the old one, which Orleans takes for
/// an inconsistent state.
/// </summary>
internal static class StoreSchema
{
    private const string Row = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString IS @GrainIdExtensionString AND ServiceId = @ServiceId
        """;

    // One statement that inserts the first version or raises a matching one: RETURNING is empty when neither fits.
    private const string Write = $"""
        INSERT INTO OrleansStorage (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, NULL, datetime('now'), 0
        WHERE @GrainStateVersion IS NULL AND NOT EXISTS (SELECT 1 FROM OrleansStorage WHERE {Row});
        UPDATE OrleansStorage SET PayloadBinary = @PayloadBinary, ModifiedOn = datetime('now'), Version = Version + 1
        WHERE {Row} AND Version = coalesce(@GrainStateVersion, 0)
        RETURNING Version AS NewGrainStateVersion;
        """;

    private const string Read = $"""
        SELECT PayloadBinary, Version AS Version FROM OrleansStorage WHERE {Row} AND Version > 0;
        """;

    private const string Clear = $"""
        UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = datetime('now'), Version = Version + 1
        WHERE {Row} AND Version = @GrainStateVersion
        RETURNING Version AS NewGrainStateVersion;
        """;

    public static void Ensure(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        SqliteFile.Execute(connection, """
            CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey TEXT PRIMARY KEY, QueryText TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS OrleansStorage (
                GrainIdHash INTEGER NOT NULL, GrainIdN0 INTEGER NOT NULL, GrainIdN1 INTEGER NOT NULL, GrainTypeHash INTEGER NOT NULL,
                GrainTypeString TEXT NOT NULL, GrainIdExtensionString TEXT NULL, ServiceId TEXT NOT NULL,
                PayloadBinary BLOB NULL, ModifiedOn TEXT NOT NULL, Version INTEGER NOT NULL);
            CREATE UNIQUE INDEX IF NOT EXISTS OrleansStorageRow ON OrleansStorage
                (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, coalesce(GrainIdExtensionString, ''), ServiceId);
            """, transaction);
        Put(connection, transaction, "WriteToStorageKey", Write);
        Put(connection, transaction, "ReadFromStorageKey", Read);
        Put(connection, transaction, "ClearStorageKey", Clear);
        transaction.Commit();
    }

    private static void Put(SqliteConnection connection, SqliteTransaction transaction, string key, string text)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO OrleansQuery VALUES ($key, $text) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = $text";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$text", text);
        command.ExecuteNonQuery();
    }
}

using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orleans.Configuration;
using Orleans.Storage;

namespace OrleansWings.Silo.Storage;

/// <summary>The cluster's store of one machine: Orleans' AdoNet provider on SQLite, in state.db.</summary>
internal static class WingsStore
{
    /// <summary>The storage provider's name.</summary>
    public const string Name = "wings";

    // The name under which Orleans knows SQLite's dialect; any provider that speaks it may stand behind.
    private const string Invariant = "System.Data.SQLite";

    /// <param name="silo">The silo.</param>
    /// <param name="path">The file, which is made when it is not there.</param>
    /// <param name="serializer">Null for the one of grains.</param>
    public static ISiloBuilder AddWingsStore(this ISiloBuilder silo, string path, IGrainStorageSerializer? serializer = null)
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        using (var connection = SqliteFile.Open(path))
            StoreSchema.Ensure(connection);
        silo.AddAdoNetGrainStorage(Name, (AdoNetGrainStorageOptions options) =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = SqliteFile.ConnectionString(path);
            options.GrainStorageSerializer = serializer ?? new StoredStateSerializer();
        });
        ReadableStorage.Wrap(silo.Services);
        return silo;
    }

    /// <summary>Closes the file behind a provider that is done with it: its connections are pooled and would keep it open.</summary>
    public static void Release(string path)
    {
        using var connection = new SqliteConnection(SqliteFile.ConnectionString(path));
        SqliteConnection.ClearPool(connection);
    }
}

/// <summary>Stored states are plain JSON with a schema number; a newer number than known is refused, not guessed at.</summary>
internal sealed class StoredStateSerializer : IGrainStorageSerializer
{
    /// <summary>The newest form that this version reads.</summary>
    internal const int Schema = 1;

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, WingsJson.Options));

    public T? Deserialize<T>(BinaryData input)
    {
        var state = JsonSerializer.Deserialize<T>(input.ToMemory().Span, WingsJson.Options)
            ?? throw new JsonException($"A stored {typeof(T).Name} is empty.");
        if (state is IStoredState { Schema: > Schema } newer)
            throw new NotSupportedException($"A stored {typeof(T).Name} has schema {newer.Schema}, written by a newer version than this one.");
        return state;
    }
}

using Orleans.Storage;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>A grain's state as the bytes that are stored: what a newer version has put into it is not lost by being read by this one.</summary>
internal sealed class RawState
{
    public BinaryData? Bytes { get; set; }

    /// <summary>Reads a state by the provider of a store; null when there is none.</summary>
    public static async Task<BackupEntry?> ReadAsync(IGrainStorage store, string kind, IdSpan key)
    {
        var read = new GrainState<RawState>(new RawState());
        await store.ReadStateAsync(kind, new GrainId(GrainType.Create(kind), key), read).ConfigureAwait(false);
        return read is { RecordExists: true, State.Bytes: { } bytes } ? new BackupEntry(kind, key.ToString()!, bytes.ToArray()) : null;
    }

    /// <summary>Writes a state where there is none.</summary>
    public static Task WriteAsync(IGrainStorage store, BackupEntry entry)
        => store.WriteStateAsync(entry.Kind, entry.Grain, new GrainState<RawState>(new RawState { Bytes = new BinaryData(entry.Payload) }));
}

/// <summary>Lets a provider take and give bytes; the keys are still its own business.</summary>
internal sealed class RawStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input)
        => input is RawState { Bytes: { } bytes } ? bytes : throw new NotSupportedException($"{typeof(T).Name} is not stored byte for byte.");

    public T? Deserialize<T>(BinaryData input) => (T)(object)new RawState { Bytes = input };
}

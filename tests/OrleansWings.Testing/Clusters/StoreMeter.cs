using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansWings.Testing.Clusters;

/// <summary>Counts what a cluster writes to its store, by the kind of state: whether one change writes more where there are more servers.</summary>
public sealed class StoreMeter
{
    private readonly ConcurrentDictionary<string, StoreWrites> _written = new();

    /// <summary>All that was written so far of one kind, such as "HostRecord".</summary>
    public StoreWrites Of(string kind) => _written.GetValueOrDefault(kind);

    /// <summary>Stands before the serializer of a store's provider.</summary>
    internal IGrainStorageSerializer Around(IGrainStorageSerializer inner) => new Serializer(inner, this);

    private sealed class Serializer(IGrainStorageSerializer inner, StoreMeter meter) : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input)
        {
            var data = inner.Serialize(input);
            var bytes = data.ToMemory().Length;
            meter._written.AddOrUpdate(typeof(T).Name, new StoreWrites(1, bytes, bytes), (_, so) => new StoreWrites(so.Count + 1, so.Bytes + bytes, bytes));
            return data;
        }

        public T? Deserialize<T>(BinaryData input) => inner.Deserialize<T>(input);
    }
}

/// <summary>Writes of one kind of state.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">How long all of them were together.</param>
/// <param name="Last">How long the last one was.</param>
public readonly record struct StoreWrites(long Count, long Bytes, int Last);

using Orleans.Storage;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>One grain's state, as it is in one store and shall be in another.</summary>
internal abstract class StoredItem(string state, GrainId grain)
{
    /// <summary>The state's name, a constant of the stored form.</summary>
    public string State { get; } = state;

    public GrainId Grain { get; } = grain;

    /// <summary>For a message: which kind of state, and whose.</summary>
    public override string ToString() => $"{State}/{Grain.Key}";

    /// <summary>Whether another store has the same; null when it has nothing of this grain.</summary>
    public abstract Task<bool?> IsInAsync(IGrainStorage store);

    /// <summary>Puts it there, in place of what is there.</summary>
    public abstract Task WriteAsync(IGrainStorage store);

    /// <summary>Reads a grain's state; null when there is none.</summary>
    public static async Task<StoredItem?> ReadAsync<T>(IGrainStorage store, string state, GrainId grain)
        where T : class, IStoredState, new()
    {
        var read = new GrainState<T>(new T());
        await store.ReadStateAsync(state, grain, read).ConfigureAwait(false);
        return read.RecordExists ? new Of<T>(state, grain, read.State!) : null;
    }

    private sealed class Of<T>(string state, GrainId grain, T value) : StoredItem(state, grain)
        where T : class, IStoredState, new()
    {
        private static readonly StoredStateSerializer s_serializer = new();

        private readonly BinaryData _bytes = s_serializer.Serialize(value);

        public override async Task<bool?> IsInAsync(IGrainStorage store)
        {
            var there = new GrainState<T>(new T());
            await store.ReadStateAsync(State, Grain, there).ConfigureAwait(false);
            return there.RecordExists ? s_serializer.Serialize(there.State).ToMemory().Span.SequenceEqual(_bytes.ToMemory().Span) : null;
        }

        public override async Task WriteAsync(IGrainStorage store)
        {
            var there = new GrainState<T>(new T());
            await store.ReadStateAsync(State, Grain, there).ConfigureAwait(false);
            there.State = value;
            await store.WriteStateAsync(State, Grain, there).ConfigureAwait(false);
        }
    }
}

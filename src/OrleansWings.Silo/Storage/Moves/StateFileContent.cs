using Orleans.Storage;
using OrleansWings.Hosts;
using OrleansWings.Silo.Fleets;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Jobs;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>Everything that grains keep in a state.db. A kind of state that is added to the platform is added here; a test compares.</summary>
internal static class StateFileContent
{
    private const string Fleet = "fleet";
    private const string Host = "host";
    private const string Job = "job";
    private const string JobBook = "job-book";
    private const string Record = "record";

    /// <summary>The names of all kinds of state.</summary>
    public static IReadOnlyList<string> States { get; } = [Fleet, Host, Record, Job, JobBook];

    /// <summary>Reads all of it, or says which part cannot be read.</summary>
    /// <exception cref="StateMoveException">A row is damaged or unknown.</exception>
    public static async Task<IReadOnlyList<StoredItem>> ReadAsync(string path, HostId self)
    {
        await using var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(path)).ConfigureAwait(false);
        var rows = ReadRows(path);
        if (rows.FirstOrDefault(row => !States.Contains(row.State)) is { } unknown)
            throw new StateMoveException($"{path} holds a state '{unknown.State}' that this version does not know. Use the version that wrote it.");

        var items = new List<StoredItem>();
        var hosts = new SortedSet<string>(StringComparer.Ordinal) { self.Value };
        // The provider stores a name that could be a number as that number, so hosts are asked for by the names that the fleet has.
        if (await ReadAsync<FleetRecord>(store.Storage, Fleet, GrainIdKeyExtensions.CreateIntegerKey(0), fleet => hosts.UnionWith(fleet.Hosts.Select(host => host.Value))).ConfigureAwait(false) is { } fleet)
            items.Add(fleet);
        hosts.UnionWith(rows.Where(row => row is { State: Host, Text: not null }).Select(row => row.Text!));
        foreach (var host in hosts)
        {
            if (await ReadAsync<HostRecord>(store.Storage, Host, IdSpan.Create(host)).ConfigureAwait(false) is { } item)
                items.Add(item);
        }

        foreach (var row in rows.Where(row => row.State == Record))
        {
            if (await ReadAsync<ServerRecord>(store.Storage, Record, GrainIdKeyExtensions.CreateGuidKey(row.Guid)).ConfigureAwait(false) is { } item)
                items.Add(item);
        }

        if (await ReadAsync<JobBookRecord>(store.Storage, JobBook, GrainIdKeyExtensions.CreateIntegerKey(0)).ConfigureAwait(false) is { } book)
            items.Add(book);
        foreach (var row in rows.Where(row => row.State == Job))
        {
            if (await ReadAsync<JobRecord>(store.Storage, Job, GrainIdKeyExtensions.CreateGuidKey(row.Guid)).ConfigureAwait(false) is { } item)
                items.Add(item);
        }

        return items.Count == rows.Count ? items
            : throw new StateMoveException($"{path} holds {rows.Count} states, of which {items.Count} could be found again by their grains. Nothing was moved.");
    }

    /// <summary>How many there are of each kind, for a person.</summary>
    public static string Count(IReadOnlyList<StoredItem> items) => string.Join(", ", States.Select(state => (state, count: items.Count(item => item.State == state))).Where(kind => kind.count > 0).Select(kind => $"{kind.count} {kind.state}"));

    private static async Task<StoredItem?> ReadAsync<T>(IGrainStorage store, string state, IdSpan key, Action<T>? look = null)
        where T : class, IStoredState, new()
    {
        var grain = new GrainId(GrainType.Create(state), key);
        try
        {
            if (look is not null)
            {
                var read = new GrainState<T>(new T());
                await store.ReadStateAsync(state, grain, read).ConfigureAwait(false);
                look(read.State!);
            }

            return await StoredItem.ReadAsync<T>(store, state, grain).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new StateMoveException($"state.db: the state '{state}/{key}' cannot be read: {e.GetBaseException().Message.Split('\n')[0].Trim()} Nothing was moved. Restore state.db from a backup.");
        }
    }

    /// <summary>Whose states there are, as the provider has written their keys.</summary>
    internal static List<Row> ReadRows(string path)
    {
        using var connection = SqliteFile.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString FROM OrleansStorage
            WHERE ServiceId = $service AND Version > 0 AND PayloadBinary IS NOT NULL
            """;
        command.Parameters.AddWithValue("$service", WingsNames.ServiceId);
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
            rows.Add(new Row(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return rows;
    }

    /// <summary>A row, without what is in it.</summary>
    internal sealed record Row(string State, long N0, long N1, string? Text)
    {
        public Guid Guid => new([.. BitConverter.GetBytes(N0), .. BitConverter.GetBytes(N1)]);
    }
}

using OrleansWings.Silo.Storage.Moves;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>All states of a state.db that nobody else has open, as bytes, through the provider: how it writes keys is for it to know.</summary>
internal static class RawStateFile
{
    /// <exception cref="BackupException">A row is unknown, or is found again by no grain.</exception>
    public static async Task<IReadOnlyList<BackupEntry>> ReadAsync(string path, IEnumerable<string> hosts)
    {
        try
        {
            await using var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(path, new RawStateSerializer())).ConfigureAwait(false);
            var rows = StateFileContent.ReadRows(path);
            var entries = new Dictionary<string, BackupEntry>();
            async Task AddAsync(string kind, IdSpan key)
            {
                if (await RawState.ReadAsync(store.Storage, kind, key).ConfigureAwait(false) is { } entry)
                    entries[entry.Name] = entry;
            }

            // Hosts last, as the fleet says which there are: a name that could be a number is kept as that number.
            foreach (var row in rows.OrderBy(row => row.State == "host"))
            {
                if (!StateFileContent.States.Contains(row.State))
                    throw new BackupException($"state.db holds a state '{row.State}' that this version does not know. Use the version that wrote it.");
                var keys = row.State switch
                {
                    "record" or "job" => [GrainIdKeyExtensions.CreateGuidKey(row.Guid)],
                    "host" when row.Text is { } name => [IdSpan.Create(name)],
                    "host" => hosts.Concat(BackupContent.ReadFleet(entries.Values)?.Hosts.Select(host => host.Value) ?? []).Select(IdSpan.Create),
                    _ => (IEnumerable<IdSpan>)[GrainIdKeyExtensions.CreateIntegerKey(0)],
                };
                foreach (var key in keys)
                    await AddAsync(row.State, key).ConfigureAwait(false);
            }

            return entries.Count == rows.Count ? [.. entries.Values]
                : throw new BackupException($"state.db holds {rows.Count} states, of which {entries.Count} could be found again by their grains.");
        }
        finally
        {
            WingsStore.Release(path);
        }
    }

    public static async Task WriteAsync(string path, IEnumerable<BackupEntry> states)
    {
        try
        {
            await using var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(path, new RawStateSerializer())).ConfigureAwait(false);
            foreach (var state in states)
                await RawState.WriteAsync(store.Storage, state).ConfigureAwait(false);
        }
        finally
        {
            WingsStore.Release(path);
        }
    }
}

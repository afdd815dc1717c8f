using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// What the host knows without anybody: its servers' wishes and states, in host.db. A save is answered when it is on
/// the disk; saves that wait together are committed together.
/// </summary>
public sealed class HostLedger : IAsyncDisposable
{
    private static readonly string s_appendEvent = string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO events SELECT $key, COALESCE(MAX(number), 0) + 1, $value FROM events WHERE server = $key;
        DELETE FROM events WHERE server = $key AND number <= (SELECT MAX(number) - {ServerEvent.Kept} FROM events WHERE server = $key);
        """);

    private readonly SqliteConnection _connection;
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new() { SingleReader = true });
    private readonly Task _writing;

    public HostLedger(string path, TimeProvider? time = null)
    {
        try
        {
            _connection = SqliteFile.Open(path);
            SqliteFile.Execute(_connection, """
                CREATE TABLE IF NOT EXISTS servers (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS events (server TEXT, number INTEGER, document TEXT NOT NULL, PRIMARY KEY (server, number)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                """);
            States = ReadStates();
        }
        catch (SqliteException e)
        {
            throw new LedgerException($"The host's ledger {path} cannot be opened: {e.Message}", e);
        }

        Incarnation = BeginIncarnation(time ?? TimeProvider.System);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>
    /// Rises with each start of the program, also when the file was lost or put back to an older copy, as long as the clock
    /// goes on; and when the clock was put back, as long as the file is there. Revisions of this program begin here, so
    /// that its pictures are newer than any before.
    /// </summary>
    public long Incarnation { get; }

    /// <summary>Every server as it stood when the ledger was opened.</summary>
    public IReadOnlyList<ServerState> States { get; }

    /// <summary>Raised for each event once it is written, in the order of writing; handlers only post.</summary>
    public event Action<ServerId, ServerEvent>? Happened;

    /// <summary>Writes a server's state, and with it what happened: both or neither.</summary>
    /// <exception cref="LedgerException">It could not be written, and is not.</exception>
    public Task SaveAsync(ServerState state, ImmutableArray<ServerEvent> events = default)
        => EnqueueAsync("INSERT INTO servers VALUES ($key, $value) ON CONFLICT (id) DO UPDATE SET document = $value",
            state.Assignment.Server.ToString(), JsonSerializer.Serialize(state, WingsJson.Options), events.IsDefault ? [] : events);

    /// <summary>Writes what happened to a server; the oldest go.</summary>
    /// <exception cref="LedgerException">It could not be written, and is not.</exception>
    public Task AppendAsync(ServerId server, ServerEvent happened) => EnqueueAsync("SELECT $key, $value", server.ToString(), "", [happened]);

    /// <summary>What happened to a server, the newest first. One that cannot be read is left out.</summary>
    public ImmutableArray<ServerEvent> ReadEvents(ServerId server)
    {
        var documents = new List<string>(ServerEvent.Kept);
        lock (_connection)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT document FROM events WHERE server = $key ORDER BY number DESC";
            command.Parameters.AddWithValue("$key", server.ToString());
            using var reader = command.ExecuteReader();
            while (reader.Read())
                documents.Add(reader.GetString(0));
        }

        // Not while others wait to write.
        return [.. documents.Select(ReadEvent).OfType<ServerEvent>()];
    }

    /// <summary>Forgets a server and what happened to it.</summary>
    public Task ForgetAsync(ServerId server)
        => EnqueueAsync("DELETE FROM servers WHERE id = $key; DELETE FROM events WHERE server = $key", server.ToString(), "");

    /// <summary>A small fact by name; null when it was never written.</summary>
    public string? ReadFact(string name)
    {
        lock (_connection)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT value FROM facts WHERE name = $name";
            command.Parameters.AddWithValue("$name", name);
            return command.ExecuteScalar() as string;
        }
    }

    /// <summary>Writes a small fact.</summary>
    public Task SaveFactAsync(string name, string value)
        => EnqueueAsync("INSERT INTO facts VALUES ($key, $value) ON CONFLICT (name) DO UPDATE SET value = $value", name, value);

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    // In milliseconds, which no server's changes outrun.
    private long BeginIncarnation(TimeProvider time)
    {
        const string Fact = "incarnation";
        var before = long.TryParse(ReadFact(Fact), NumberStyles.None, CultureInfo.InvariantCulture, out var stored) ? stored : 0;
        var incarnation = Math.Max(before + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "INSERT INTO facts VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = $value";
            command.Parameters.AddWithValue("$name", Fact);
            command.Parameters.AddWithValue("$value", incarnation.ToString(CultureInfo.InvariantCulture));
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // A full disk is no reason not to start; the clock alone makes the next one greater.
        }

        return incarnation;
    }

    private Task EnqueueAsync(string sql, string key, string value, ImmutableArray<ServerEvent> events = default)
    {
        (string, ServerEvent)[] documents = events.IsDefault ? [] : [.. events.Select(happened => (JsonSerializer.Serialize(happened, WingsJson.Options), happened))];
        var change = new Change(sql, key, value, documents, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _changes.Writer.TryWrite(change) ? change.Done.Task : Task.FromException(new LedgerException("The host's ledger is closed.", null));
    }

    private async Task WriteAsync()
    {
        var batch = new List<Change>();
        while (await _changes.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < 500 && _changes.Reader.TryRead(out var change))
                batch.Add(change);
            Commit(batch);
        }
    }

    private void Commit(List<Change> batch)
    {
        try
        {
            lock (_connection)
            {
                using var transaction = _connection.BeginTransaction();
                foreach (var change in batch)
                {
                    Execute(transaction, change.Sql, change.Key, change.Value);
                    foreach (var (document, _) in change.Events)
                        Execute(transaction, s_appendEvent, change.Key, document);
                }

                transaction.Commit();
            }
        }
        catch (Exception e)
        {
            // Whatever it is: who waits is answered, and later saves are tried.
            var failure = new LedgerException($"The host's ledger could not be written: {e.Message}", e);
            batch.ForEach(change => change.Done.SetException(failure));
            return;
        }

        foreach (var change in batch)
            Tell(change);
        batch.ForEach(change => change.Done.SetResult());
    }

    // Before whoever had it written goes on: what comes next comes after it.
    private void Tell(Change change)
    {
        foreach (var (_, happened) in change.Events)
        {
            try
            {
                Happened?.Invoke(ServerId.Parse(change.Key), happened);
            }
            catch (Exception)
            {
                // It is written, whoever could not take it.
            }
        }
    }

    private void Execute(SqliteTransaction transaction, string sql, string key, string value)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    private static ServerEvent? ReadEvent(string document)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerEvent>(document, WingsJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private List<ServerState> ReadStates()
    {
        var states = new List<ServerState>();
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id, document FROM servers";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            try
            {
                states.Add(ServerStateSchema.Read(reader.GetString(1)));
            }
            catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
            {
                throw new LedgerException($"The host's ledger has an entry for server {reader.GetString(0)} that cannot be read: {e.Message}", e);
            }
        }

        return states;
    }

    private sealed record Change(string Sql, string Key, string Value, (string Document, ServerEvent Event)[] Events, TaskCompletionSource Done);
}

/// <summary>The ledger could not be read or written; the message is for a person.</summary>
public sealed class LedgerException(string message, Exception? inner) : Exception(message, inner);

/// <summary>Reads stored states of every version there was.</summary>
internal static class ServerStateSchema
{
    public static ServerState Read(string json)
    {
        var state = JsonSerializer.Deserialize<ServerState>(json, WingsJson.Options) ?? throw new JsonException("The entry is empty.");
        if (state.Assignment?.Spec is not { Name: not null, Image: not null, Startup: not null, Stop: not null, Limits: not null, Environment: not null, HostLabels: not null })
            throw new JsonException("A part of the server's spec is missing.");
        return state.Schema <= ServerState.CurrentSchema
            ? state with { Schema = ServerState.CurrentSchema }
            : throw new NotSupportedException($"it has schema {state.Schema}, written by a newer version than this one, which knows {ServerState.CurrentSchema}.");
    }
}

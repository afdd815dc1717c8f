using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansWings.Hosts;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Storage.Backups;
using OrleansWings.Silo.Storage.Moves;
using OrleansWings.Testing.Programs;
using StackExchange.Redis;

namespace OrleansWings.Silo.Tests.Storage.Backups;

/// <summary>A backup of a store that is written all the time is what the store held at one moment: nothing later without what came before it.</summary>
public sealed class RunningStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ow-backup-").FullName;
    private readonly CancellationTokenSource _enough = new();
    private Task _writing = Task.CompletedTask;

    private string StateFile => Path.Combine(_folder, "state.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
        WingsStore.Release(StateFile);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Take_SqliteIsWrittenMeanwhile_IsOneMoment()
    {
        await using var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(StateFile, new RawStateSerializer()));
        await WriteAsync(store.Storage);

        for (var i = 0; i < 5; i++)
        {
            var work = Directory.CreateDirectory(Path.Combine(_folder, $"{i}")).FullName;
            AssertOneMoment((await StateBackup.TakeAsync(StateFile, new HostId("here"), null, work, "1", DateTimeOffset.UnixEpoch)).Entries);
        }

        await _enough.CancelAsync();
        await _writing;
    }

    [Fact]
    public async Task Take_RedisIsWrittenMeanwhile_IsOneMoment()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Options);
        await using var store = await OpenRedisAsync(redis.Options);
        // So many that they do not come in one page.
        foreach (var some in Enumerable.Range(0, 3_000).Chunk(200))
            await Task.WhenAll(some.Select(i => RawState.WriteAsync(store.Storage, Entry("job", $"{i:x32}", i))));
        await WriteAsync(store.Storage);

        for (var i = 0; i < 5; i++)
        {
            var entries = await FleetSnapshot.ReadAsync(connection.GetDatabase());
            AssertOneMoment(entries);
            Assert.Equal(3_000, entries.Count(entry => entry.Kind == "job"));
        }

        await _enough.CancelAsync();
        await _writing;
    }

    [Fact]
    public async Task States_FromOneStoreToTheOther_AreTheSameByteForByte()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Options);
        // Names that could be numbers, which SQLite's provider keeps as such; members and spaces that this version would not write.
        BackupEntry[] entries =
        [
            new("fleet", "0", "{\"schema\":1, \"hosts\":[\"0cafe\",\"eu-1\"], \"new\":true}"u8.ToArray()),
            Entry("host", "0cafe", 1), Entry("host", "eu-1", 2),
            new("record", $"{Guid.NewGuid():N}", "{ \"damaged"u8.ToArray()),
            Entry("record", $"{Guid.NewGuid():N}", 3), Entry("job", $"{Guid.NewGuid():N}", 4), Entry("job-book", "0", 5),
        ];

        await RawStateFile.WriteAsync(StateFile, entries);
        var ofSqlite = await RawStateFile.ReadAsync(StateFile, []);
        await using (var store = await OpenRedisAsync(redis.Options))
        {
            foreach (var entry in ofSqlite)
                await RawState.WriteAsync(store.Storage, entry);
        }

        Assert.Empty(BackupContent.Differences(entries, ofSqlite));
        Assert.Empty(BackupContent.Differences(entries, await FleetSnapshot.ReadAsync(connection.GetDatabase())));
    }

    [Fact]
    public async Task Read_StateThatWasCleared_IsNotThere()
    {
        await using (var store = await OpenStore.OpenAsync(silo => silo.AddWingsStore(StateFile, new RawStateSerializer())))
        {
            var cleared = new GrainState<RawState>(new RawState { Bytes = new BinaryData("{}") });
            await store.Storage.WriteStateAsync("job", Entry("job", $"{1:x32}", 1).Grain, cleared);
            await store.Storage.ClearStateAsync("job", Entry("job", $"{1:x32}", 1).Grain, cleared);
        }

        Assert.Empty(await RawStateFile.ReadAsync(StateFile, []));
    }

    [Fact]
    public async Task Read_RowThatNoGrainWouldFind_IsNotLeftOutInSilence()
    {
        await RawStateFile.WriteAsync(StateFile, [Entry("host", "cafe", 1)]);

        Assert.Equal("state.db holds 1 states, of which 0 could be found again by their grains.", (await Assert.ThrowsAsync<BackupException>(() => RawStateFile.ReadAsync(StateFile, []))).Message);
    }

    [Fact]
    public async Task Take_StateFileIsNone_IsSaidInWords()
    {
        await File.WriteAllTextAsync(StateFile, new string('x', 5_000));

        var refused = await Assert.ThrowsAsync<BackupException>(() => StateBackup.TakeAsync(StateFile, new HostId("here"), null, _folder, "1", DateTimeOffset.UnixEpoch));

        Assert.StartsWith($"{StateFile} could not be copied", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        SqliteConnection.ClearAllPools();
    }

    // First a record, then its host, then the record of the next round: as what is promised comes after what is wished.
    private async Task WriteAsync(IGrainStorage store)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _writing = Task.Run(async () =>
        {
            var (first, second) = (new GrainState<RawState>(new RawState()), new GrainState<RawState>(new RawState()));
            for (var round = 1; !_enough.IsCancellationRequested; round++)
            {
                first.State = new RawState { Bytes = new BinaryData(Entry("record", "", round).Payload) };
                await store.WriteStateAsync("record", Entry("record", $"{1:x32}", 0).Grain, first);
                second.State = new RawState { Bytes = new BinaryData(Entry("host", "", round).Payload) };
                await store.WriteStateAsync("host", Entry("host", "here", 0).Grain, second);
                if (round == 10)
                    began.SetResult();
            }
        });
        // A writer that fails says why.
        await await Task.WhenAny(began.Task, _writing);
    }

    private static void AssertOneMoment(IReadOnlyList<BackupEntry> entries)
    {
        var (first, second) = (Round(entries.Single(entry => entry.Kind == "record")), Round(entries.Single(entry => entry.Kind == "host")));
        Assert.InRange(first - second, 0, 1);
        Assert.True(second >= 9);
    }

    private static int Round(BackupEntry entry) => Encoding.UTF8.GetString(entry.Payload) is var text ? int.Parse(text[(text.LastIndexOf(':') + 1)..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static BackupEntry Entry(string kind, string key, int number) => new(kind, key, Encoding.UTF8.GetBytes($"{{\"schema\":1,\"n\":{number}}}"));

    private static Task<OpenStore> OpenRedisAsync(ConfigurationOptions redis) => OpenStore.OpenAsync(silo =>
    {
        silo.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLink>(provider, redis));
        silo.AddWingsRedisStore(redis, new RawStateSerializer());
    });
}

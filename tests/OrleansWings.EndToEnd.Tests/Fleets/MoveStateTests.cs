using System.Diagnostics;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>The state of one machine goes to Redis, whole or not at all, however often it is ended on the way.</summary>
public sealed class MoveStateTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ow-move-").FullName;

    // A name that is a hexadecimal number too: SQLite's provider keeps it as the number.
    private readonly StoredFleet _stored = StoredFleet.Make(20, "here", "0cafe");
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        await _stored.WriteAsync(Path.Combine(_folder, "state.db"));
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Everything_is_moved_once_and_the_old_file_is_nobodys_state_any_more()
    {
        var before = await File.ReadAllBytesAsync(Path.Combine(_folder, "state.db"));

        var moved = await MoveAsync();
        var again = await MoveAsync();

        Assert.Equal((0, $"""
            Moved to 127.0.0.1:{_redis.Port}: 1 fleet, 2 host, 20 record, 1 job, 1 job-book. Written 25, there already 0; all 25 were read back and are equal.
            Start the program with WINGS_REDIS from now on. state.db stays as it was; without WINGS_REDIS the program refuses to start.

            """), (moved.ExitCode, moved.Output));
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
        Assert.Equal((0, "There is nothing more to do."), (again.ExitCode, again.Output.TrimEnd().Split(". ")[^1]));
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(_folder, "state.db")));

        var refused = await RunAsync(null, []);
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith($"WINGS_REDIS: it is missing. The state in {_folder} was moved to 127.0.0.1:{_redis.Port} at ", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith($"delete {_folder}/state.db.moved.\n", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orleans-wings/moving", 1)] // the mark in Redis
    [InlineData("EVALSHA", 0)] // the first state
    [InlineData("EVALSHA", 9)] // in their middle
    [InlineData("orleans-wings/moving", 2)] // after the file was settled
    public async Task Killed_on_the_way_it_comes_to_its_end_the_next_time(string command, int passes)
    {
        await using var gate = new RedisGate(_redis.Port, command, passes);
        using (var process = Process.Start(Prepare(gate.Url, ["move-state"]))!)
        {
            await gate.Reached;
            process.Kill();
            await process.WaitForExitAsync();
        }

        gate.Open();
        var isMarked = (command, passes) is not ("orleans-wings/moving", 1);
        if (isMarked)
        {
            // Nobody works on half a state meanwhile.
            var early = await RunAsync(gate.Url, [], ("WINGS_ROLE", "control"), ("WINGS_HOST", "main"), ("WINGS_DATA", Path.Combine(_folder, "main")));
            Assert.Equal((1, "WINGS_REDIS: a machine's state is being moved into this Redis and is not complete. Let 'orleans-wings move-state' come to its end there; if it was ended, run it again."),
                (early.ExitCode, early.Error.Trim()));
        }

        var moved = await RunAsync(gate.Url, ["move-state"]);

        Assert.Equal((0, ""), (moved.ExitCode, moved.Error));
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
        if (passes == 9)
            Assert.DoesNotContain("Written 25, there already 0", moved.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_between_two_tries_the_later_state_wins_and_what_was_deleted_is_not_left_over()
    {
        await using (var gate = new RedisGate(_redis.Port, "EVALSHA", 21))
        {
            using var process = Process.Start(Prepare(gate.Url, ["move-state"]))!;
            await gate.Reached;
            process.Kill();
            await process.WaitForExitAsync();
        }

        Delete("state.db", "state.db-wal", "state.db-shm");
        _stored.Servers.Remove(_stored.Servers.Keys.First());
        _stored.Servers.Values.First().CreatedAt = DateTimeOffset.UnixEpoch;
        _stored.Servers.Values.First().Assignment = _stored.Servers.Values.Last().Assignment;
        await _stored.WriteAsync(Path.Combine(_folder, "state.db"));

        Assert.Contains("1 fleet, 2 host, 19 record, 1 job, 1 job-book.", (await MoveAsync()).Output, StringComparison.Ordinal);
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
    }

    [Fact]
    public async Task A_damaged_record_is_named_and_nothing_is_moved()
    {
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "state.db")};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE OrleansStorage SET PayloadBinary = CAST('{\"schema\":1,\"hosts\":' AS BLOB) WHERE GrainTypeString = 'fleet'";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var refused = await MoveAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("state.db: the state 'fleet/0' cannot be read: ", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith(" Nothing was moved. Restore state.db from a backup.\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(25, (await _stored.CompareAsync(_redis.Options)).Count);
    }

    [Fact]
    public async Task A_Redis_with_another_fleet_in_it_is_refused_by_name_and_left_as_it_is()
    {
        var other = StoredFleet.Make(2, "eu-1");
        await other.WriteAsync(_redis.Options);

        var refused = await MoveAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("WINGS_REDIS: a fleet's state is in it already, and not this machine's: fleet/0, job-book/0, host/eu-1, ", refused.Error, StringComparison.Ordinal);
        Assert.Empty(await other.CompareAsync(_redis.Options));
        Assert.False(File.Exists(Path.Combine(_folder, "state.db.moved")));
    }

    [Fact]
    public async Task A_fleet_whose_users_were_made_already_keeps_them()
    {
        var own = Path.Combine(_folder, "users.json");
        await File.WriteAllTextAsync(own, "{ \"schema\": 1, \"users\": [] }", TestContext.Current.CancellationToken);
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, "a password of the fleet", TestContext.Current.CancellationToken);
        var start = Prepare(_redis.Url, [], ("WINGS_ROLE", "control"), ("WINGS_HOST", "main"), ("WINGS_DATA", Path.Combine(_folder, "main")),
            ("WINGS_SILO_PORT", $"{FreePort.Find()}"), ("WINGS_GATEWAY_PORT", $"{FreePort.Find()}"), ("WINGS_ADMIN_PASSWORD_FILE", password));
        CommandResult whileItWorks;
        await using (var control = ProgramRun.Start(start.Environment.Where(setting => setting.Key.StartsWith("WINGS_", StringComparison.Ordinal)).ToDictionary(setting => setting.Key, setting => setting.Value!)))
        {
            await control.WaitUntilReadyAsync();
            whileItWorks = await MoveAsync();
            await control.KillAsync();
        }

        var users = await ReadUsersAsync();
        var afterwards = await MoveAsync();

        Assert.Equal((1, "WINGS_REDIS: control:main is at work on it. Nothing was changed. Stop every process of that fleet first; or name an empty database, for example redis://host:6379/1."),
            (whileItWorks.ExitCode, whileItWorks.Error.Trim()));
        Assert.Equal((1, "WINGS_REDIS: a fleet's state is in it already, and not this machine's: users. Nothing was changed. Name an empty database, for example redis://host:6379/1."),
            (afterwards.ExitCode, afterwards.Error.Trim()));
        Assert.Contains("\"admin\"", users, StringComparison.Ordinal);
        Assert.Equal(users, await ReadUsersAsync());
        Assert.Equal(25, (await _stored.CompareAsync(_redis.Options)).Count);

        // An emptied one is nobody's any more.
        await _redis.EmptyAsync();
        Assert.Equal(0, (await MoveAsync()).ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(own, TestContext.Current.CancellationToken), await ReadUsersAsync());
    }

    [Fact]
    public async Task A_Redis_that_is_away_or_refuses_is_said_within_seconds()
    {
        var wrong = await RunAsync($"redis://:wrong@127.0.0.1:{_redis.Port}", ["move-state"], ("WINGS_REDIS_PASSWORD_FILE", ""));
        await _redis.KillAsync();
        var watch = Stopwatch.StartNew();
        var away = await MoveAsync();
        var took = watch.Elapsed;
        await _redis.StartAgainAsync();

        Assert.Equal((1, $"WINGS_REDIS: nothing was moved. The cluster's store at 127.0.0.1:{_redis.Port} does not answer: it refuses the user or the password."), (wrong.ExitCode, wrong.Error.Trim()));
        Assert.Equal(1, away.ExitCode);
        Assert.StartsWith($"WINGS_REDIS: nothing was moved. The cluster's store at 127.0.0.1:{_redis.Port} does not answer: ", away.Error, StringComparison.Ordinal);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.Equal(0, (await MoveAsync()).ExitCode);
    }

    [Fact]
    public async Task Without_the_move_a_machine_with_servers_does_not_begin_anew_on_Redis()
    {
        var refused = await RunAsync(_redis.Url, []);

        Assert.Equal((1, $"WINGS_REDIS: the state in {_folder} is not in Redis yet, and this machine's servers are in it. Run 'orleans-wings move-state' first; or move state.db away."),
            (refused.ExitCode, refused.Error.Trim()));
    }

    private async Task<string> ReadUsersAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_redis.Options);
        return (await connection.GetDatabase().StringGetAsync("orleans-wings/documents/users")).ToString();
    }

    private void Delete(params string[] names) => Array.ForEach(names, name => File.Delete(Path.Combine(_folder, name)));

    private Task<CommandResult> MoveAsync() => RunAsync(_redis.Url, ["move-state"]);

    private Task<CommandResult> RunAsync(string? redis, string[] arguments, params (string Name, string Value)[] settings)
        => Command.TryAsync(Prepare(redis, arguments, settings));

    private ProcessStartInfo Prepare(string? redis, string[] arguments, params (string Name, string Value)[] settings)
        => StateCommand.Prepare(_folder, _redis, redis, arguments, [("WINGS_HOST", "here"), .. settings]);
}

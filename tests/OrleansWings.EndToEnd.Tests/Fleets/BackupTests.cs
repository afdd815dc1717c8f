using System.Diagnostics;
using StackExchange.Redis;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>The cluster's store is saved while programs run, and restored whole or not at all.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Users = """{ "schema": 1, "users": [] }""";
    private const string Counts = "1 fleet, 2 host, 20 record, 1 job, 1 job-book, the users";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-backup-").FullName;
    private readonly StoredFleet _stored = StoredFleet.Make(20, "here", "0cafe");
    private RedisServer? _redis;

    private string Saved => Path.Combine(_folder, "saved.backup");

    private string Data => Path.Combine(_folder, "data");

    private string Empty => Path.Combine(_folder, "empty");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_machine_is_saved_and_restored_on_an_empty_machine_and_in_an_empty_Redis()
    {
        await MakeDataAsync();
        await StartRedisAsync();

        var saved = await RunAsync(Data, null, "backup", Saved);
        var restored = await RunAsync(Empty, null, "restore", Saved);
        var grown = await RunAsync(Path.Combine(_folder, "other"), _redis!.Url, "restore", Saved);

        Assert.Equal((0, ""), (saved.ExitCode, saved.Error));
        Assert.StartsWith($"Saved to {Saved} (", saved.Output, StringComparison.Ordinal);
        Assert.EndsWith($" KiB): {Counts} of one machine, here. Not in it: servers' files, their consoles, and what each host keeps of its own. It holds password hashes: keep it from others.\n", saved.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Saved));
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        Assert.StartsWith($"Restored into {Empty}: {Counts} of one machine, here, as of 20", restored.Output, StringComparison.Ordinal);
        Assert.Contains("; all 26 were read back and are equal.\n", restored.Output, StringComparison.Ordinal);
        Assert.Empty(await _stored.CompareAsync(Path.Combine(Empty, "state.db")));
        Assert.Equal(Users, await File.ReadAllTextAsync(Path.Combine(Empty, "users.json")));
        Assert.Equal("here\n", await File.ReadAllTextAsync(Path.Combine(Empty, "host-id")));
        Assert.DoesNotContain(Directory.EnumerateFiles(Empty), file => file.Contains("restoring", StringComparison.Ordinal));
        Assert.Equal((0, ""), (grown.ExitCode, grown.Error));
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
        Assert.Equal(Users, await ReadUsersAsync());
        AssertNothingLeftBeside("data", "empty", "saved.backup");
    }

    [Fact]
    public async Task A_fleet_is_saved_and_restored_in_an_empty_Redis_and_on_one_machine()
    {
        await StartRedisAsync();
        await _stored.WriteAsync(_redis!.Options);
        await WriteUsersAsync(Users);

        var saved = await RunAsync(Data, _redis.Url, "backup", Saved);
        await _redis.EmptyAsync();
        var restored = await RunAsync(Data, _redis.Url, "restore", Saved);
        var again = await RunAsync(Data, _redis.Url, "restore", Saved);
        var alone = await RunAsync(Empty, null, "restore", Saved);

        Assert.Contains($" KiB): {Counts} of fleet orleans-wings at 127.0.0.1:{_redis.Port}. Not in it: ", saved.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
        Assert.Equal(Users, await ReadUsersAsync());
        Assert.Equal((1, $"WINGS_REDIS: a fleet's state is in it already: {Counts}. Nothing was restored. If it is what this backup shall take the place of: stop every control process, empty this database (redis-cli FLUSHDB) and run restore again; else name an empty one, for example redis://host:6379/1."), (again.ExitCode, again.Error.Trim()));
        Assert.Equal((0, ""), (alone.ExitCode, alone.Error));
        Assert.Empty(await _stored.CompareAsync(Path.Combine(Empty, "state.db")));
        // Neither command is of this machine's own.
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("orleans-wings/moving", 1)] // the mark in Redis
    [InlineData("EVALSHA", 1)] // the first state
    [InlineData("EVALSHA", 10)] // in their middle
    [InlineData("orleans-wings/moving", 2)] // all is there but that it is complete
    public async Task Killed_on_the_way_into_Redis_it_comes_to_its_end_the_next_time_and_nobody_joins_meanwhile(string command, int passes)
    {
        await MakeDataAsync();
        await RunAsync(Data, null, "backup", Saved);
        await StartRedisAsync();
        await using var gate = new RedisGate(_redis!.Port, command, passes);
        await KillAsync(Prepare(Empty, gate.Url, "restore", Saved), () => gate.Reached);
        gate.Open();

        if (passes != 1 || command == "EVALSHA")
        {
            var early = await RunAsync(Path.Combine(_folder, "main"), gate.Url, "", "", ("WINGS_ROLE", "control"), ("WINGS_HOST", "main"));
            Assert.Equal((1, "WINGS_REDIS: a backup is being restored into this Redis and is not complete. Let 'orleans-wings restore' come to its end there; if it was ended, run it again."), (early.ExitCode, early.Error.Trim()));
            Assert.Equal((1, early.Error), await RunAsync(Empty, gate.Url, "backup", Saved + "2") is var half ? (half.ExitCode, half.Error) : default);
        }

        var restored = await RunAsync(Empty, gate.Url, "restore", Saved);

        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
        Assert.Equal(Users, await ReadUsersAsync());
    }

    [Fact]
    public async Task Killed_on_the_way_into_a_folder_no_program_starts_there_until_it_came_to_its_end()
    {
        await MakeDataAsync();
        await RunAsync(Data, null, "backup", Saved);
        var part = Path.Combine(Empty, "state.db.restoring");
        await KillAsync(Prepare(Empty, null, "restore", Saved), () => Eventually.TrueAsync(() => File.Exists(part)));
        Assert.False(File.Exists(Path.Combine(Empty, "state.db")));

        var early = await RunAsync(Empty, null, "", "");
        var restored = await RunAsync(Empty, null, "restore", Saved);

        Assert.Equal((1, $"A backup was being restored into {Empty}, and that was ended. Run 'orleans-wings restore' again; or, to begin with no servers, delete {part}."), (early.ExitCode, early.Error.Trim()));
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        Assert.Empty(await _stored.CompareAsync(Path.Combine(Empty, "state.db")));
        Assert.Equal(Users, await File.ReadAllTextAsync(Path.Combine(Empty, "users.json")));
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_refused_and_left_as_it_is()
    {
        await MakeDataAsync();
        await RunAsync(Data, null, "backup", Saved);
        var before = await File.ReadAllBytesAsync(Path.Combine(Data, "state.db"));

        var full = await RunAsync(Data, null, "restore", Saved);
        var renamed = await RunAsync(Empty, null, "restore", Saved, ("WINGS_HOST", "there"));
        Directory.CreateDirectory(Empty);
        await File.WriteAllTextAsync(Path.Combine(Empty, "lock"), "");
        await File.WriteAllTextAsync(Path.Combine(Empty, "users.json"), "others");
        var others = await RunAsync(Empty, null, "restore", Saved);
        File.Delete(Path.Combine(Empty, "users.json"));
        await File.WriteAllTextAsync(Path.Combine(Empty, "state.db-wal"), "a log");
        var log = await RunAsync(Empty, null, "restore", Saved);

        AssertRefused($"WINGS_DATA: {Data} has a state.db with 25 states in it. Nothing was restored. Name an empty folder; or move state.db away, with the state.db-wal and state.db-shm beside it.", full);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Data, "state.db")));
        AssertRefused($"WINGS_HOST: the servers of this backup are assigned to 'here', and this machine is called 'there'. Leave WINGS_HOST out, and name a new or empty folder in WINGS_DATA.", renamed);
        AssertRefused($"WINGS_DATA: {Empty} has a users.json with other users than the backup. Nothing was restored. Move it away; to keep its users, put it back afterwards.", others);
        AssertRefused($"WINGS_DATA: {Empty} has a state.db-wal without its state.db. Nothing was restored. Move it away, to where that one is.", log);
        Assert.Equal(["lock", "pid", "state.db-wal"], Directory.EnumerateFiles(Empty).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_is_no_backup_or_not_whole_is_named_and_nothing_is_restored_from_it()
    {
        await MakeDataAsync();
        await RunAsync(Data, null, "backup", Saved);
        var whole = await File.ReadAllBytesAsync(Saved);

        AssertRefused("orleans-wings restore: name the backup's file, for example /var/backups/orleans-wings.backup.", await RunAsync(Empty, null, "restore", ""));
        AssertRefused($"{_folder} is a folder. Name a backup's file.", await RunAsync(Empty, null, "restore", _folder));
        AssertRefused($"{Saved}2 cannot be read: Could not find file '{Saved}2'.", await RunAsync(Empty, null, "restore", Saved + "2"));
        AssertRefused($"{Data}/state.db is not a backup of OrleansWings.", await RunAsync(Empty, null, "restore", Path.Combine(Data, "state.db")));
        await File.WriteAllBytesAsync(Saved, whole[..^1_000]);
        AssertRefused($"{Saved} is not whole: it was cut short or changed since it was written. Nothing was restored from it. Take another copy of it, or another backup.", await RunAsync(Empty, null, "restore", Saved));
        await File.WriteAllTextAsync(Saved, "{\"orleansWingsBackup\":7,\"program\":\"12.0\"}\n");
        AssertRefused($"{Saved} has format 7, which this version of the program does not know. Restore it with the version that wrote it (12.0).", await RunAsync(Empty, null, "restore", Saved));
        Assert.False(Directory.Exists(Empty));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named_and_nothing_is_left_there()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        await MakeDataAsync();
        await File.WriteAllTextAsync(Saved, "mine");
        await using var disk = await SmallDisk.MountAsync(mebibytes: 1);
        Directory.CreateDirectory(disk.Data);
        disk.Fill();
        var target = Path.Combine(disk.Data, "saved");

        AssertRefused("orleans-wings backup: name the backup's file, for example /var/backups/orleans-wings.backup.", await RunAsync(Data, null, "backup", ""));
        AssertRefused($"{_folder} is a folder. Name a file in it that is not there yet.", await RunAsync(Data, null, "backup", _folder));
        AssertRefused($"{Saved} is there already and is not overwritten. Name another file, or move it away.", await RunAsync(Data, null, "backup", Saved));
        AssertRefused($"{_folder}/no/saved cannot be made: there is no folder {_folder}/no.", await RunAsync(Data, null, "backup", Path.Combine(_folder, "no", "saved")));
        AssertRefused($"WINGS_DATA: {Empty} has no state.db that this user can see, so there is nothing to save.", await RunAsync(Empty, null, "backup", Saved + "2"));
        AssertRefused("/sys/saved cannot be made: Access to the path '/sys/saved' is denied.", await RunAsync(Data, null, "backup", "/sys/saved"));
        var full = await RunAsync(Data, null, "backup", target);

        Assert.Equal((1, "mine"), (full.ExitCode, await File.ReadAllTextAsync(Saved)));
        AssertRefused($"{Data}/state.db could not be copied into {disk.Data}: The disk is full. Nothing was saved.", full);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Data));
        disk.Empty();
        Assert.Equal(0, (await RunAsync(Data, null, "backup", target)).ExitCode);
        // The way back: the disk of the data folder is full.
        disk.Fill();
        var noRoom = await RunAsync(Path.Combine(disk.Data, "data"), null, "restore", target);
        Assert.Equal(1, noRoom.ExitCode);
        Assert.Single(noRoom.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain(Directory.EnumerateFiles(disk.Data, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).StartsWith("state.db", StringComparison.Ordinal));
        AssertNothingLeftBeside("data", "saved.backup");
    }

    [Fact]
    public async Task A_Redis_that_is_away_or_refuses_or_is_empty_is_said_within_seconds()
    {
        await MakeDataAsync();
        await RunAsync(Data, null, "backup", Saved);
        await StartRedisAsync();

        AssertRefused($"WINGS_REDIS: 127.0.0.1:{_redis!.Port} has no fleet's state in it, so there is nothing to save.", await RunAsync(Empty, _redis.Url, "backup", Saved + "2"));
        // Each takes ten seconds, in which a Redis that is just started would be there.
        var wrong = $"redis://:wrong@127.0.0.1:{_redis.Port}";
        var results = await Task.WhenAll(
            RunAsync(Empty, wrong, "backup", Saved + "2", ("WINGS_REDIS_PASSWORD_FILE", "")), RunAsync(Empty, wrong, "restore", Saved, ("WINGS_REDIS_PASSWORD_FILE", "")),
            RunAsync(Empty, "redis://127.0.0.1:1", "backup", Saved + "2"), RunAsync(Empty, "redis://127.0.0.1:1", "restore", Saved));
        AssertRefused($"WINGS_REDIS: nothing was saved. The cluster's store at 127.0.0.1:{_redis.Port} does not answer: it refuses the user or the password.", results[0]);
        AssertRefused($"WINGS_REDIS: nothing was restored. The cluster's store at 127.0.0.1:{_redis.Port} does not answer: it refuses the user or the password.", results[1]);
        AssertRefused("WINGS_REDIS: nothing was saved. The cluster's store at 127.0.0.1:1 does not answer: Connection refused", results[2]);
        AssertRefused("WINGS_REDIS: nothing was restored. The cluster's store at 127.0.0.1:1 does not answer: Connection refused", results[3]);
        AssertNothingLeftBeside("data", "saved.backup");
    }

    [Fact]
    public async Task A_Redis_that_takes_nothing_more_is_left_closed_until_the_restore_came_to_its_end()
    {
        await MakeDataAsync();
        await RunAsync(Data, null, "backup", Saved);
        await StartRedisAsync();
        var options = _redis!.Options.Clone();
        options.AllowAdmin = true;
        await using var admin = await ConnectionMultiplexer.ConnectAsync(options);
        await admin.GetDatabase().StringSetAsync("orleans-wings/moving", "restore of another backup");
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");

        AssertRefused($"Redis at 127.0.0.1:{_redis.Port} failed in the middle: The cluster's store is full: its memory limit (maxmemory) is reached. It was not restored; run the command again.", await RunAsync(Empty, _redis.Url, "restore", Saved));
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "0");

        Assert.Equal(0, (await RunAsync(Empty, _redis.Url, "restore", Saved)).ExitCode);
        Assert.Empty(await _stored.CompareAsync(_redis.Options));
    }

    private static void AssertRefused(string sentence, CommandResult result) => Assert.Equal((1, sentence + "\n", ""), (result.ExitCode, result.Error, result.Output));

    private void AssertNothingLeftBeside(params string[] names) => Assert.Equal(names, Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());

    private static async Task KillAsync(ProcessStartInfo start, Func<Task> reached)
    {
        using var process = Process.Start(start)!;
        await reached();
        process.Kill();
        await process.WaitForExitAsync();
    }

    private async Task MakeDataAsync()
    {
        Directory.CreateDirectory(Data);
        await _stored.WriteAsync(Path.Combine(Data, "state.db"));
        await File.WriteAllTextAsync(Path.Combine(Data, "users.json"), Users);
        await File.WriteAllTextAsync(Path.Combine(Data, "host-id"), "here\n");
    }

    private async Task StartRedisAsync() => _redis = await RedisServer.StartAsync();

    private async Task<string> ReadUsersAsync() => (await (await _redis!.OpenAsync()).StringGetAsync("orleans-wings/documents/users")).ToString();

    private async Task WriteUsersAsync(string users) => await (await _redis!.OpenAsync()).StringSetAsync("orleans-wings/documents/users", users);

    private Task<CommandResult> RunAsync(string data, string? redis, string command, string file, params (string Name, string Value)[] settings)
        => Command.TryAsync(Prepare(data, redis, command, file, settings));

    private ProcessStartInfo Prepare(string data, string? redis, string command, string file, params (string Name, string Value)[] settings)
        => StateCommand.Prepare(data, _redis, redis, ((string[])[command, file]).Where(argument => argument.Length > 0), settings);
}

using System.Diagnostics;
using OrleansWings.Testing.Clusters;
using StackExchange.Redis;

namespace OrleansWings.Testing.Programs;

/// <summary>A Redis of one test, with a password and its data on the disk; it may be ended, frozen, emptied and started again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    public const string Password = "the store's password";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-redis-").FullName;
    private readonly int _port = FreePort.Find();
    private Process? _process;
    private ConnectionMultiplexer? _connection;

    public int Port => _port;

    public string Url => $"redis://127.0.0.1:{_port}";

    public string PasswordFile => Path.Combine(_folder, "password");

    public ConfigurationOptions Options => new() { EndPoints = { { "127.0.0.1", _port } }, Password = Password };

    public static async Task<RedisServer> StartAsync()
    {
        var redis = new RedisServer();
        await File.WriteAllTextAsync(redis.PasswordFile, Password + "\n");
        // The server is this tool under another name; the package that has the name starts a service on the whole machine.
        File.CreateSymbolicLink(Path.Combine(redis._folder, "redis-server"), "/usr/bin/redis-check-rdb");
        await File.WriteAllLinesAsync(Path.Combine(redis._folder, "redis.conf"),
        [
            $"port {redis._port}", "bind 127.0.0.1", $"requirepass \"{Password}\"", $"dir {redis._folder}", "appendonly yes", "appendfsync always", "save \"\"",
        ]);
        await redis.StartAgainAsync();
        return redis;
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(_folder, "redis-server"), [Path.Combine(_folder, "redis.conf")]) { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        await Eventually.GetAsync(AnswersAsync, answers => answers);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Its content, over a connection that stays until the end.</summary>
    public async Task<IDatabase> OpenAsync() => (_connection ??= await ConnectionMultiplexer.ConnectAsync(Options)).GetDatabase();

    /// <summary>Everything in it is gone, as after a mistake.</summary>
    public async Task EmptyAsync()
    {
        var options = Options;
        options.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        var options = Options;
        (options.AbortOnConnectFail, options.ConnectTimeout) = (false, 500);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        return connection.IsConnected;
    }
}

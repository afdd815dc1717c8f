using System.Diagnostics;
using OrleansWings.Testing.Clusters;
using StackExchange.Redis;

namespace OrleansWings.Testing.Programs;

/// <summary>A Redis of one test, with a password and its data on the disk; it may be ended, frozen, emptied and started again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    public const string Password = "the store's password";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-redis-").FullName;
    private readonly RedisPlace? _place;
    private Process? _process;
    private ConnectionMultiplexer? _connection;

    private RedisServer(RedisPlace? place)
    {
        (_place, Port) = (place, place is null ? FreePort.Find() : RedisPlace.Port);
        // A client in this process: the way through the namespace ends at a port of its own.
        Options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", place?.Forward.Address.Port ?? Port } }, Password = Password };
        if (place is not null)
        {
            (Options.Ssl, Options.SslHost) = (true, place.Machine.Address.ToString());
            Options.CertificateValidation += (_, _, _, _) => true; // What it shows is judged by the programs.
        }
    }

    public int Port { get; }

    /// <summary>Where programs reach it, with TLS when it is on a machine of its own.</summary>
    public string Url => _place is null ? $"redis://127.0.0.1:{Port}" : $"rediss://{_place.Machine.Address}:{Port}";

    public string PasswordFile => Path.Combine(_folder, "password");

    /// <summary>How this process reaches it.</summary>
    public ConfigurationOptions Options { get; }

    /// <summary>Starts one on this machine's loopback, or on a machine of the tests.</summary>
    public static async Task<RedisServer> StartAsync(RedisPlace? place = null)
    {
        var redis = new RedisServer(place);
        await File.WriteAllTextAsync(redis.PasswordFile, Password + "\n");
        // The server is this tool under another name; the package that has the name starts a service on the whole machine.
        File.CreateSymbolicLink(Path.Combine(redis._folder, "redis-server"), "/usr/bin/redis-check-rdb");
        await File.WriteAllLinesAsync(Path.Combine(redis._folder, "redis.conf"),
        [
            .. place is null ? [$"port {redis.Port}", "bind 127.0.0.1"] : place.Settings,
            $"requirepass \"{Password}\"", $"dir {redis._folder}", "appendonly yes", "appendfsync always", "save \"\"",
        ]);
        await redis.StartAgainAsync();
        return redis;
    }

    public async Task StartAgainAsync()
    {
        string[] command = [.. _place is null ? [] : (string[])["nsenter", $"--net={_place.Machine.Namespace}"], Path.Combine(_folder, "redis-server"), Path.Combine(_folder, "redis.conf")];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
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
        var options = Options.Clone();
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
        var options = Options.Clone();
        (options.AbortOnConnectFail, options.ConnectTimeout) = (false, 500);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        return connection.IsConnected;
    }
}

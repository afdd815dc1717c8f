using System.Text;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>
/// One installation: a data folder, an address, and a process that can be ended and started again on both. Every
/// container it made, and every file, is gone at the end.
/// </summary>
public sealed class WingsProgram : IAsyncDisposable
{
    public const string Password = "a password of the tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-e2e-").FullName;
    private readonly Dictionary<string, string> _settings;
    private readonly StringBuilder _earlier = new();
    private ProgramRun? _run;

    private WingsProgram(Uri engine, string? dataFolder, (string Name, string Value)[] settings)
    {
        Engine = engine;
        Data = dataFolder ?? Path.Combine(_folder, "data");
        Address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var password = Path.Combine(_folder, "password");
        File.WriteAllText(password, Password + "\n");
        _settings = new Dictionary<string, string>
        {
            ["WINGS_DATA"] = Data,
            ["WINGS_URLS"] = Address.GetLeftPart(UriPartial.Authority),
            ["WINGS_ENGINE"] = engine.OriginalString,
            ["WINGS_HOST"] = "here",
            ["WINGS_ADMIN_PASSWORD_FILE"] = password,
            // A fault that the browser is told of says what it is.
            ["ASPNETCORE_DETAILEDERRORS"] = "true",
        };
        foreach (var (name, value) in settings)
            _settings[name] = value;
    }

    public string Data { get; }

    public Uri Address { get; }

    public Uri Engine { get; }

    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <summary>From the next start on.</summary>
    public void Set(string name, string value) => _settings[name] = value;

    /// <summary>What the browser keeps of a sign-in, for further tabs; null before the first.</summary>
    public string? SignedIn { get; set; }

    /// <summary>What all its processes said.</summary>
    public string Output => _earlier + _run?.Output;

    public int ProcessId => _run!.ProcessId;

    public bool HasExited => _run is null or { HasExited: true };

    /// <summary>Starts an installation on the tests' engine.</summary>
    /// <param name="engine">Another way to an engine.</param>
    /// <param name="dataFolder">A data folder made by the test.</param>
    /// <param name="settings">Settings besides.</param>
    public static async Task<WingsProgram> StartNewAsync(Uri? engine = null, string? dataFolder = null, params (string Name, string Value)[] settings)
    {
        var program = new WingsProgram(engine ?? RealEngine.Require(), dataFolder, settings);
        try
        {
            await program.StartAsync();
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process, at the same address with the same data.</summary>
    public async Task StartAsync()
    {
        if (_run is not null)
        {
            _earlier.Append(_run.Output).AppendLine("---- started again");
            await _run.DisposeAsync();
        }

        _run = ProgramRun.Start(_settings);
        await _run.WaitUntilReadyAsync();
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _run!.KillAsync();

    /// <summary>Ctrl-C; gives the exit code.</summary>
    public Task<int> InterruptAsync() => _run!.InterruptAsync();

    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
            await _run.DisposeAsync();
        // A container is named as its server, and each has or had a folder under one of these.
        var servers = ((string[])["volumes", "trash", "consoles"])
            .Select(name => Path.Combine(Data, name)).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories).Select(Path.GetFileName).OfType<string>().Distinct().ToArray();
        await new DockerCommand(RealEngineOf(Engine)).RemoveAsync(servers);
        Directory.Delete(_folder, recursive: true);
    }

    // The way to the engine may have been a proxy of the test, closed by now.
    private static Uri RealEngineOf(Uri engine)
        => engine.LocalPath.EndsWith(EngineProxy.SocketName, StringComparison.Ordinal) ? RealEngine.Require() : engine;
}

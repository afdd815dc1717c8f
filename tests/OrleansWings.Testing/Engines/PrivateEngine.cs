using OrleansWings.Testing.Clusters;

namespace OrleansWings.Testing.Engines;

/// <summary>An engine of a test's own (scripts/engine), for what cannot be done to one that others use: stop it, freeze it.</summary>
public sealed class PrivateEngine : IAsyncDisposable
{
    private readonly string _name;

    private readonly EngineUsers _users;

    private PrivateEngine(string name, string folder, EngineUsers users) => (_name, Folder, _users) = (name, folder, users);

    /// <summary>Holds docker.sock and pid.</summary>
    public string Folder { get; private set; }

    public Uri Address => new($"unix://{Folder}/docker.sock");

    /// <summary>Starts one with the tests' image on it.</summary>
    /// <param name="name">At most 20 letters, digits and dashes.</param>
    /// <param name="cancellationToken">Ends the wait, not the engine.</param>
    /// <param name="users">Who runs it, and who its containers' users are.</param>
    public static async Task<PrivateEngine> StartAsync(string name, CancellationToken cancellationToken, EngineUsers users = EngineUsers.AsTheyAre)
    {
        var engine = new PrivateEngine(name, await UpAsync(name, users, cancellationToken), users);
        await HostCommand.RunAsync(Path.Combine(HostCommand.Repository, "tests/engine/make-test-image"), [engine.Address.ToString(), RealEngine.Image], cancellationToken);
        return engine;
    }

    public Task StopAsync(CancellationToken cancellationToken) => RunAsync("stop", _name, cancellationToken);

    public async Task StartAgainAsync(CancellationToken cancellationToken) => Folder = await UpAsync(_name, _users, cancellationToken);

    /// <summary>The engine stands still: it takes connections and never answers.</summary>
    public async Task FreezeAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("-STOP", cancellationToken);
        // The signal is on its way when kill returns: a thread that still runs would answer one more request.
        var tasks = $"/proc/{await ReadPidAsync(cancellationToken)}/task";
        await Eventually.TrueAsync(() => Directory.GetDirectories(tasks).All(IsStopped));
    }

    public Task ThawAsync(CancellationToken cancellationToken) => SignalAsync("-CONT", cancellationToken);

    /// <summary>Ends the engine without a word, as a power cut would.</summary>
    public Task CrashAsync(CancellationToken cancellationToken) => SignalAsync("-KILL", cancellationToken);

    public async ValueTask DisposeAsync() => await RunAsync("down", _name, CancellationToken.None);

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
        => await HostCommand.RunAsync("kill", [signal, await ReadPidAsync(cancellationToken)], cancellationToken);

    private async Task<string> ReadPidAsync(CancellationToken cancellationToken)
        => (await File.ReadAllTextAsync(Path.Combine(Folder, "pid"), cancellationToken)).Trim();

    // The state is the letter behind the name in brackets, which may hold anything.
    private static bool IsStopped(string task)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T');
        }
        catch (IOException)
        {
            return false; // It ended meanwhile; the next look does not see it.
        }
    }

    private static Task<string> UpAsync(string name, EngineUsers users, CancellationToken cancellationToken)
    {
        if (users == EngineUsers.AsTheyAre)
            return RunAsync("up", name, cancellationToken);
        // The way there is needed before it is there; its default is the script's.
        var home = Path.Combine(Environment.GetEnvironmentVariable("ENGINES") is { Length: > 0 } engines ? engines : "/tmp/ow-engines", name);
        var (way, option) = users == EngineUsers.Remapped ? ("remap", "--userns-remap=owremap") : ("rootless", "--rootless");
        return HostCommand.RunAsync("env", [$"ENGINE_WRAP={Path.Combine(HostCommand.Repository, "tests/engine/as-users")} {way} {home}", Path.Combine(HostCommand.Repository, "scripts/engine"), "up", name, option], cancellationToken);
    }

    private static Task<string> RunAsync(string action, string name, CancellationToken cancellationToken)
        => HostCommand.RunAsync(Path.Combine(HostCommand.Repository, "scripts/engine"), [action, name], cancellationToken);
}

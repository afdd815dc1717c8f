using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>A host's part of the program on the real engine, as an installation of its own; what it made is gone at the end.</summary>
internal sealed class HostOnEngine : IAsyncDisposable
{
    // Far longer than anything here may take: a machine may be crowded, and what hangs hangs for ever.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly DockerContainerEngine _way;
    private readonly DockerHostOptions _options;
    private bool _isClosed;

    private HostOnEngine(Uri engine, string folder, DockerHostOptions options, DockerContainerEngine? way, TimeProvider? time)
    {
        _folder = folder;
        _options = options;
        _way = way ?? new DockerContainerEngine(engine);
        Engine = new DockerContainerEngine(engine);
        Docker = new DockerCommand(engine);
        Program = new HostProgram(folder, _way, time, options, Cluster) { Server = new ServerId(Guid.CreateVersion7()) };
        Orphans = new OrphanedContainers(Program.Servers);
        Reconciler = new HostReconciler(Program.Servers, Orphans, time ?? TimeProvider.System, NullLogger<HostReconciler>.Instance);
    }

    public HostProgram Program { get; }

    public HostReconciler Reconciler { get; }

    public OrphanedContainers Orphans { get; }

    /// <summary>The engine as it is, with nothing between.</summary>
    public DockerContainerEngine Engine { get; }

    public DockerCommand Docker { get; }

    public Guid Cluster { get; } = Guid.NewGuid();

    public string Name => Program.Server.ToString();

    public PowerWorker Worker => Program.Worker;

    public static ServerSpec Game { get; } = HostProgram.Game with { Image = "~" + RealEngine.Image, Startup = "game", RestartOnCrash = false };

    /// <param name="options">How it runs its containers. Default: without a network.</param>
    /// <param name="way">How the program reaches the engine; this ends it. Default: by the engine's own socket.</param>
    /// <param name="time">Whose minutes pass. Default: the system's.</param>
    public static async Task<HostOnEngine> OpenAsync(DockerHostOptions? options = null, DockerContainerEngine? way = null, TimeProvider? time = null)
    {
        var host = new HostOnEngine(RealEngine.Require(), await RealEngine.CreateFolderAsync(CancellationToken.None), options ?? new DockerHostOptions { Network = "none" }, way, time);
        await host.Program.ResumedAsync();
        return host;
    }

    /// <param name="engine">An engine of the test's own.</param>
    /// <param name="options">How it runs its containers.</param>
    public static async Task<HostOnEngine> OpenAsync(PrivateEngine engine, DockerHostOptions options)
    {
        var host = new HostOnEngine(engine.Address, Directory.CreateDirectory(Path.Combine(engine.Folder, $"mount-{Guid.NewGuid():N}")).FullName, options, null, null);
        await host.Program.ResumedAsync();
        return host;
    }

    /// <summary>A name for a network of one test; short enough for the kernel's interface of that name.</summary>
    public static string NewNetworkName() => $"owt{Guid.NewGuid():N}"[..14];

    /// <summary>One more server than the program's own.</summary>
    public async Task<PowerWorker> AddAsync(ServerId server, ServerSpec spec)
        => (await Program.Servers.AssignAsync(ServerSamples.Assignment with { Server = server, Spec = spec, Version = 1 }))!;

    /// <summary>Adds the program's own server, if it has none yet, and starts it.</summary>
    public async Task StartAsync(ServerSpec? spec = null)
    {
        if (Program.Servers.Find(Program.Server) is null)
            await Program.AddAsync(spec ?? Game);
        Assert.True((await Program.AskAsync(PowerAction.Start)).IsAccepted);
        await UntilAsync(() => Worker.State.Power is PowerState.Running or PowerState.Offline, "the start's outcome");
        Assert.True(Worker.State.Power == PowerState.Running, $"It did not start: {Worker.State.Problem?.Message}");
    }

    public async Task EndAsync(PowerAction action)
    {
        Assert.True((await Program.AskAsync(action)).IsAccepted);
        await UntilAsync(() => Worker.State.Power == PowerState.Offline, "the end");
    }

    /// <summary>What the game says to a command of the shell, the command's own echo left out.</summary>
    public async Task<string> RunInGameAsync(string command)
    {
        var mark = $"that was {Guid.NewGuid():N}";
        await Program.SendAsync($"run {command}; echo {mark[..8]}''{mark[8..]}");
        string[] said = [];
        await UntilAsync(() => (said = [.. Worker.Console.ReadText(200)]).Any(line => line == mark), $"the answer to '{command}'");
        var begin = Array.FindLastIndex(said, line => line.StartsWith($"run {command};", StringComparison.Ordinal));
        return string.Join('\n', said[(begin + 1)..Array.IndexOf(said, mark)]);
    }

    public async Task<IReadOnlyList<ContainerState>> ContainersAsync() => await Engine.ListAsync($"{ContainerLabels.Cluster}={Cluster:D}", CancellationToken.None);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">The same in words.</param>
    /// <param name="more">What else is said when it never comes.</param>
    public async Task UntilAsync(Func<bool> condition, string what, Func<string>? more = null)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited {s_patience.TotalSeconds} s for {what}. The servers: {string.Join(", ", Program.Servers.All.Select(worker => worker.State))}{more?.Invoke()}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Ends the program; what it made stays.</summary>
    public async Task CloseAsync()
    {
        if (!_isClosed)
            await Program.DisposeAsync();
        _isClosed = true;
    }

    public async ValueTask DisposeAsync()
    {
        Reconciler.Dispose();
        await CloseAsync();
        foreach (var container in await ContainersAsync())
            await Engine.RemoveAsync(container.Id.Value, force: true, CancellationToken.None);
        if (_options.Network is not ("none" or "host"))
            await Engine.RemoveNetworkAsync(_options.Network, CancellationToken.None);
        await _way.DisposeAsync();
        await Engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Benchmarks.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Benchmarks.Servers;

/// <summary>The same container as a server's, made and steered by nothing but the engine's calls.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly IContainerEngine _engine;
    private readonly ContainerSpec _spec;
    private RawConsole? _console;

    private RawServer(IContainerEngine engine, ContainerSpec spec) => (_engine, _spec) = (engine, spec);

    public RawConsole Console => _console!;

    public static async Task<RawServer> CreateAsync(Installation silo, IContainerEngine engine)
    {
        var options = silo.Services.GetRequiredService<DockerHostOptions>();
        var network = await silo.Services.GetRequiredService<ServerNetwork>().EnsureAsync(CancellationToken.None);
        var assignment = new ServerAssignment
        {
            Server = new ServerId(Guid.NewGuid()),
            Host = new HostId(Installation.HostName),
            Spec = Installation.Spec("raw"),
        };
        var volume = Path.Combine(silo.Folder, "raw", assignment.Server.ToString());
        await VolumeFolder.EnsureAsync(volume, options.OnMachine(null), null, CancellationToken.None);
        var server = new RawServer(engine, ServerContainer.Build(assignment, 1, Guid.NewGuid(), volume, [], network, options));
        await engine.CreateAsync(server._spec, CancellationToken.None);
        return server;
    }

    /// <summary>Remove, create, attach, start, done-line.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        if (_console is not null)
            await _console.DisposeAsync();
        var began = Stopwatch.GetTimestamp();
        await _engine.RemoveAsync(_spec.Name, force: false, CancellationToken.None);
        await _engine.CreateAsync(_spec, CancellationToken.None);
        _console = new RawConsole(await _engine.AttachAsync(_spec.Name, CancellationToken.None));
        var done = _console.ExpectAsync("Done (");
        await _engine.StartAsync(_spec.Name, CancellationToken.None);
        await done.WaitAsync(s_patience);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>The stop command, until the engine says that the process has exited.</summary>
    public Task<TimeSpan> StopAsync() => EndAsync(() => Console.TypeAsync("stop"));

    /// <summary>The engine's kill, until it says that the process has exited.</summary>
    public Task<TimeSpan> KillAsync() => EndAsync(() => _engine.KillAsync(_spec.Name, "SIGKILL", CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
            await _console.DisposeAsync();
        await _engine.RemoveAsync(_spec.Name, force: true, CancellationToken.None);
    }

    private async Task<TimeSpan> EndAsync(Func<Task> ask)
    {
        // Asked before, so that the answer comes with the exit.
        var exit = _engine.WaitAsync(_spec.Name, CancellationToken.None);
        await Task.Delay(50);
        var began = Stopwatch.GetTimestamp();
        await ask();
        await exit.WaitAsync(s_patience);
        return Stopwatch.GetElapsedTime(began);
    }
}

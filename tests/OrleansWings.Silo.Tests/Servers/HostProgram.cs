using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The host's part of the program on a data folder, as it runs in a process; can be killed and begun again.</summary>
internal sealed class HostProgram : IAsyncDisposable
{
    private static readonly Guid s_cluster = Guid.Parse("0197e4a0-0000-7000-8000-00000000c1c1");

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _resuming;
    private readonly Guid _cluster;

    public HostProgram(string folder, IContainerEngine engine, TimeProvider? time = null, DockerHostOptions? options = null, Guid? cluster = null)
    {
        time ??= TimeProvider.System;
        options ??= new DockerHostOptions();
        _cluster = cluster ?? s_cluster;
        Engine = new MortalEngine(engine);
        Paths = new HostPaths(folder);
        Ledger = new HostLedger(Paths.Ledger);
        Watch = new EngineWatch(Engine, time, NullLogger<EngineWatch>.Instance);
        Cluster = new ClusterIdentity(Ledger);
        Servers = new HostServers(new HostServices(
            ServerSamples.Host, Engine, Watch, Ledger, Paths, new ImagePuller(Engine, new RegistryLogins(options, NullLogger<RegistryLogins>.Instance), time), new ServerNetwork(Engine, options), new OutgoingNetworks(Engine, Cluster, options),
            Cluster, options, new StartGate(options.StartsAtOnce), new ConsoleOptions(), new ServerInstruments(new TestMeters()), time, NullLoggerFactory.Instance));
        Watch.Start();
        _resuming = Task.Run(ResumeAsync);
    }

    public MortalEngine Engine { get; }

    public HostPaths Paths { get; }

    public HostLedger Ledger { get; }

    public EngineWatch Watch { get; }

    public ClusterIdentity Cluster { get; }

    public HostServers Servers { get; }

    /// <summary>The one server. Default: that of the samples.</summary>
    public ServerId Server { get; init; } = ServerSamples.Id;

    public PowerWorker Worker => Servers.Find(Server) ?? throw new InvalidOperationException("The server is not there.");

    /// <summary>A spec of the fake game, as quick as it can be.</summary>
    public static ServerSpec Game { get; } = ServerSamples.Spec with { Image = "~" + FakeContainerEngine.TestImage, DoneLines = ["Done ("] };

    public Task<ServerResult> AskAsync(PowerAction action) => Worker.RequestAsync(action);

    public async Task<PowerWorker> AddAsync(ServerSpec? spec = null, long version = 1, bool isDeleted = false)
        => (await Servers.AssignAsync(ServerSamples.Assignment with
        {
            Server = Server,
            Spec = spec ?? Game,
            Version = version,
            DeletedAt = isDeleted ? ServerSamples.Now : null,
        }))!;

    /// <summary>Sends a command as soon as the console takes it: it may be being attached again.</summary>
    public async Task SendAsync(string command)
    {
        for (var i = 0; await Worker.SendCommandAsync(command, CancellationToken.None) is { IsAccepted: false } refused; i++)
        {
            Assert.True(i < 3_000, $"Waited 30 seconds for the console to take '{command}': {refused.Message}");
            await Task.Delay(10);
        }
    }

    public Task ResumedAsync() => _resuming;

    public Task UntilAsync(PowerState power) => UntilAsync(() => Worker.State.Power == power, () => $"{power}, but it is {Worker.State}");

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(condition, () => what);

    /// <summary>The process is killed: what it was doing stops where it is.</summary>
    public async Task KillAsync()
    {
        Engine.Die();
        await _stop.CancelAsync();
        await Watch.DisposeAsync();
        await Ledger.DisposeAsync();
    }

    /// <summary>Gives back what a killed one still holds in this process.</summary>
    public async Task BuryAsync() => await Servers.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _resuming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Watch.DisposeAsync();
        await Servers.DisposeAsync();
        await Ledger.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        for (var i = 0; !condition(); i++)
        {
            if (i > 60_000)
                Assert.Fail($"Waited two minutes for: {what()}");
            await Task.Delay(2);
        }
    }

    private async Task ResumeAsync()
    {
        await Cluster.SetAsync(_cluster);
        await Watch.WaitUntilReachableAsync(_stop.Token);
        await Servers.ResumeAsync(_stop.Token);
    }
}

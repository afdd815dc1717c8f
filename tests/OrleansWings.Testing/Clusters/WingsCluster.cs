using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosting;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Testing.Clusters;

/// <summary>Control and host silos in one process, each host with an engine of its own: the whole way of everything, in a second.</summary>
/// <remarks>A host is stopped and started again with the same data folder and engine, as a machine is.</remarks>
public sealed class WingsCluster : IAsyncDisposable
{
    private readonly ConcurrentQueue<(WingsRole Role, string Name)> _next = new();
    private readonly ConcurrentDictionary<string, InProcessSiloHandle> _silos = new();
    private readonly ConcurrentDictionary<string, SiloDeaths> _deaths = new();
    private readonly Dictionary<string, IContainerEngine> _engines = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("ow-cluster-").FullName;
    private readonly InProcessTestCluster _cluster;

    private readonly IIncomingGrainCallFilter? _calls;
    private readonly WingsClusterStore _store;

    private WingsCluster(Func<string, IContainerEngine>? engine, IIncomingGrainCallFilter? calls, WingsClusterStore? store)
    {
        (_calls, _store) = (calls, store ?? new WingsClusterStore());
        Engines = engine ?? (_ => new FakeContainerEngine());
        var builder = new InProcessTestClusterBuilder(0);
        builder.ConfigureSiloHost((silo, host) => Configure(silo, host));
        _cluster = builder.Build();
    }

    /// <summary>Control silos first, then hosts "h1", "h2", …</summary>
    /// <param name="hosts">How many.</param>
    /// <param name="controls">How many.</param>
    /// <param name="engine">Makes a host's engine. Default: a fake one.</param>
    /// <param name="calls">Sees every call to a grain, on every silo; may lose some. Default: none.</param>
    /// <param name="store">The control silos' store. Default: a file, of which nothing is counted.</param>
    public static async Task<WingsCluster> StartAsync(
        int hosts = 1, int controls = 1, Func<string, IContainerEngine>? engine = null, IIncomingGrainCallFilter? calls = null, WingsClusterStore? store = null)
    {
        var cluster = new WingsCluster(engine, calls, store);
        for (var i = 1; i <= controls; i++)
            await cluster.StartAsync(WingsRole.Control, $"c{i}");
        for (var i = 1; i <= hosts; i++)
            await cluster.StartAsync(WingsRole.Host, $"h{i}");
        // A silo is there before its host is known; a test of two hosts must not find one.
        if (controls > 0)
            await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, known => known.Length == hosts);
        return cluster;
    }

    public Func<string, IContainerEngine> Engines { get; }

    public IFleet Fleet => Control("c1").GetRequiredService<IFleet>();

    public IConsoleFeeds Consoles => Control("c1").GetRequiredService<IConsoleFeeds>();

    public IFleetFeed Feed => Control("c1").GetRequiredService<IFleetFeed>();

    /// <summary>A silo's services, by its short name.</summary>
    public IServiceProvider Control(string name) => _silos[$"control:{name}"].SiloHost.Services;

    /// <summary>A host's services, by its short name.</summary>
    public IServiceProvider Host(string name) => _silos[$"host:{name}"].SiloHost.Services;

    public FakeContainerEngine FakeEngine(string host) => (FakeContainerEngine)_engines[host];

    public string DataFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    public Task StartHostAsync(string name) => StartAsync(WingsRole.Host, name);

    /// <summary>Ends a host's silo, softly or as a plug that is pulled. Its engine and its folder stay.</summary>
    public Task StopHostAsync(string name, bool isKilled) => StopAsync($"host:{name}", isKilled);

    /// <summary>Ends a control silo, as a plug that is pulled. Not "c1", which is asked about the fleet.</summary>
    public Task KillControlAsync(string name) => StopAsync($"control:{name}", isKilled: true);

    private async Task StopAsync(string name, bool isKilled)
    {
        _silos.TryRemove(name, out var silo);
        // What is killed, or goes, may well learn that it is dead.
        _deaths.TryRemove(name, out _);
        if (isKilled)
            await _cluster.KillSiloAsync(silo!);
        else
            await _cluster.StopSiloAsync(silo!);
    }

    /// <summary>Ends all.</summary>
    /// <exception cref="InvalidOperationException">A silo that nobody stopped was declared dead meanwhile: what the test saw may be due to that.</exception>
    public async ValueTask DisposeAsync()
    {
        var dead = _deaths.SelectMany(silo => silo.Value.All.Select(death => $"{silo.Key}: {death}")).ToList();
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        foreach (var engine in _engines.Values)
            await engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        if (dead.Count > 0)
            throw new InvalidOperationException("Declared dead though nobody stopped it: " + string.Join('\n', dead));
    }

    private async Task StartAsync(WingsRole role, string name)
    {
        _next.Enqueue((role, name));
        var silo = await _cluster.StartAdditionalSiloAsync();
        _silos[silo.Name] = silo;
    }

    private void Configure(InProcessTestSiloSpecificOptions silo, IHostApplicationBuilder host)
    {
        if (!_next.TryDequeue(out var next))
            throw new InvalidOperationException("A silo starts that nobody asked for.");
        silo.SiloName = $"{next.Role.ToString().ToLowerInvariant()}:{next.Name}";
        var options = new WingsSiloOptions
        {
            Role = next.Role,
            Host = new HostId(next.Name),
            DataFolder = DataFolder(next.Name),
            Engine = new Uri("unix:///nowhere"),
            // Floods of these tests are to arrive whole.
            Consoles = new ConsoleOptions { ThrottleLines = 0 },
        };
        if (next.Role == WingsRole.Host)
        {
            if (!_engines.TryGetValue(next.Name, out var engine))
                _engines[next.Name] = engine = Engines(next.Name);
            host.Services.AddSingleton(engine);
            host.Services.AddSingleton<IUsageReader>(engine is FakeContainerEngine fake ? new FakeUsageReader(fake) : new CgroupUsageReader());
            host.Services.AddWingsHost(options);
        }

        var deaths = new SiloDeaths();
        _deaths[silo.SiloName] = deaths;
        host.UseOrleans(orleans =>
        {
            orleans.Services.AddSingleton<IFatalErrorHandler>(deaths);
            orleans.AddWingsGrains(next.Role);
            if (_calls is not null)
                orleans.AddIncomingGrainCallFilter(_calls);
            if (next.Role == WingsRole.Control)
                _store.AddTo(orleans, Path.Combine(_folder, "state.db"));
        });
        host.Services.AddWingsReporting(next.Role);
    }
}

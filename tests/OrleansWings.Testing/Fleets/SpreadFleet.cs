using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Networks;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Testing.Fleets;

/// <summary>
/// A fleet as it is in a data centre: machines on a network, TLS on every connection. "c1" with Redis, "c2", hosts "h1" to "h3" each with a
/// Docker engine of its own, and panel code on a machine of its own. All of it is gone at the end.
/// </summary>
public sealed class SpreadFleet : IAsyncDisposable
{
    /// <summary>Where silos call one another.</summary>
    public const int SiloPort = 11_111;

    private const int GatewayPort = 30_000;
    private const int PagesPort = 8080;
    private static readonly string[] s_controls = ["c1", "c2"];
    private static readonly string[] s_hosts = ["h1", "h2", "h3"];

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-spread-").FullName;
    private readonly FleetPapers _papers;
    private readonly Dictionary<string, FleetMachine> _machines = [];
    private readonly List<IAsyncDisposable> _owned = [];
    private FleetPanel? _panel;
    private Task? _starting;

    public SpreadFleet() => _papers = new FleetPapers(_folder);

    public FleetMachine this[string name] => _machines[name];

    public RedisServer Redis { get; private set; } = null!;

    /// <summary>The fleet as panel code sees it.</summary>
    public IFleet Fleet => _panel!.Fleet;

    /// <summary>The panel's way to the cluster.</summary>
    public IGrainFactory Grains => _panel!.Grains;

    public IEnumerable<FleetMachine> Hosts => s_hosts.Select(name => _machines[name]);

    /// <summary>Starts all of it, for the first who asks; without an engine or root that test is skipped, and says why.</summary>
    public Task EnsureAsync()
    {
        RealEngine.Require();
        MachineNetwork.Require();
        return _starting ??= StartAsync();
    }

    /// <summary>The membership as it is in Redis.</summary>
    public async Task<IReadOnlyList<FleetMemberEntry>> ReadMembersAsync() => await FleetMemberEntry.ReadAsync(await Redis.OpenAsync());

    /// <summary>A server that runs on a host, made and started by panel code.</summary>
    public async Task<IServer> RunServerAsync(string host, string name)
    {
        var created = await Eventually.GetAsync(() => Fleet.CreateServerAsync(FleetRun.Game(name, host)), result => result.IsAccepted);
        var server = Fleet.GetServer(created.Server!.Value);
        await Eventually.GetAsync(server.StartAsync, result => result.IsAccepted || result.Refusal == ServerRefusal.AlreadyRunning);
        await FleetRun.WaitForAsync(server, PowerState.Running);
        return server;
    }

    /// <summary>After a test that broke off: cables in, nothing dropped, every process there and awake.</summary>
    public async Task HealAsync()
    {
        foreach (var machine in _machines.Values)
        {
            await machine.Network.HealAsync();
            if (machine.Member.IsRunning)
                await machine.Member.ThawAsync();
            else
                await machine.Member.LaunchAsync();
        }

        await Eventually.GetAsync(Fleet.ListHostsAsync, hosts => hosts.All(host => host.Status == HostStatus.Ready));
    }

    /// <summary>What all processes said; for a test that failed.</summary>
    public string Tell() => string.Join('\n', _machines.Select(machine => $"==== {machine.Key} said:\n{machine.Value.Member.Output}"));

    public async ValueTask DisposeAsync()
    {
        if (_panel is not null)
            await _panel.DisposeAsync();
        foreach (var machine in _machines.Values)
            await machine.Member.DisposeAsync();
        // Engines last but the network: a namespace that something still runs in would live on without a name.
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        await _papers.MakeAuthorityAsync();
        var network = Own(await MachineNetwork.StartAsync());
        var engines = await Task.WhenAll(s_hosts.Select(name => PrivateEngine.StartAsync(RealEngine.NameOfOwn(name), CancellationToken.None)));
        _owned.AddRange(engines);
        var controls = await Task.WhenAll(s_controls.Select(network.AddAsync));
        await StartRedisAsync(controls[0]);
        for (var i = 0; i < s_controls.Length; i++)
            await AddAsync("control", s_controls[i], controls[i], null);
        for (var i = 0; i < s_hosts.Length; i++)
            await AddAsync("host", s_hosts[i], await network.PlugAsync(s_hosts[i], RealEngine.NameOfOwn(s_hosts[i])), engines[i]);
        await Task.WhenAll(_machines.Values.Select(machine => machine.Member.WaitUntilReadyAsync()));
        _panel = await FleetPanel.ConnectAsync(Redis, _papers, await network.AddAsync("p"));
    }

    private async Task StartRedisAsync(Machine machine)
    {
        var certificates = await _papers.MakeAsync("redis", "store", machine.Address.ToString());
        var place = new RedisPlace(machine, certificates, Own(new NamespaceForward(machine.Namespace, RedisPlace.Port)));
        Redis = Own(await RedisServer.StartAsync(place));
    }

    private async Task AddAsync(string role, string name, Machine machine, PrivateEngine? engine)
    {
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, FleetRun.Password + "\n");
        var settings = new Dictionary<string, string>
        {
            ["WINGS_ROLE"] = role,
            ["WINGS_HOST"] = name,
            ["WINGS_CERTIFICATES"] = await _papers.MakeAsync(role, name),
            ["WINGS_REDIS"] = Redis.Url,
            ["WINGS_REDIS_PASSWORD_FILE"] = Redis.PasswordFile,
            ["WINGS_DATA"] = Path.Combine(_folder, name),
            ["WINGS_URLS"] = $"http://127.0.0.1:{PagesPort}",
            ["WINGS_SILO_PORT"] = $"{SiloPort}",
        };
        if (engine is not null)
            settings["WINGS_ENGINE"] = engine.Address.OriginalString;
        else
            (settings["WINGS_GATEWAY_PORT"], settings["WINGS_ADMIN_PASSWORD_FILE"]) = ($"{GatewayPort}", password);
        var member = new FleetMember(settings, machine.Namespace);
        _machines[name] = new FleetMachine(name, machine, member, engine, Own(new NamespaceForward(machine.Namespace, PagesPort)).Address);
        await member.LaunchAsync();
    }

    private T Own<T>(T made) where T : IAsyncDisposable
    {
        _owned.Add(made);
        return made;
    }
}

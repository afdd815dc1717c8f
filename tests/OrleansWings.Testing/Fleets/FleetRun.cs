using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;
using Xunit;

namespace OrleansWings.Testing.Fleets;

/// <summary>A cluster of real processes on one machine: Redis, control silos "c1", "c2", hosts "h1", "h2" on the tests' engine, and panel code that calls them.</summary>
public sealed class FleetRun : IAsyncDisposable
{
    /// <summary>The administrator's, of every fleet of the tests.</summary>
    public const string Password = "a password of the tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-fleet-").FullName;
    private readonly Dictionary<string, FleetMember> _members = [];
    private readonly FleetPapers _papers;
    private FleetPanel? _panel;

    private FleetRun(RedisServer redis) => (Redis, _papers) = (redis, new FleetPapers(_folder));

    public RedisServer Redis { get; }

    public FleetMember this[string name] => _members[name];

    /// <summary>The fleet as panel code sees it, from outside the cluster.</summary>
    public IFleet Fleet => _panel!.Fleet;

    /// <summary>The consoles as panel code sees them.</summary>
    public IConsoleFeeds Consoles => _panel!.Consoles;

    private static Uri Engine => RealEngine.Require();

    /// <summary>Starts all and waits until they are ready.</summary>
    /// <param name="hosts">How many, "h1" and on.</param>
    /// <param name="controls">How many, "c1" and on.</param>
    /// <param name="program">The build that all of them run; null for the one that is tested.</param>
    public static async Task<FleetRun> StartAsync(int hosts, int controls, string? program = null)
    {
        var fleet = new FleetRun(await RedisServer.StartAsync());
        try
        {
            await fleet._papers.MakeAuthorityAsync();
            for (var i = 1; i <= controls; i++)
                await LaunchAsync(await fleet.AddAsync("control", $"c{i}"));
            for (var i = 1; i <= hosts; i++)
                await LaunchAsync(await fleet.AddAsync("host", $"h{i}"));
            foreach (var member in fleet._members.Values)
                await member.WaitUntilReadyAsync();
            // Panel code waits for the first control process without an end.
            if (controls > 0)
                fleet._panel = await FleetPanel.ConnectAsync(fleet.Redis, fleet._papers);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }

        Task LaunchAsync(FleetMember member)
        {
            member.Program = program;
            return member.LaunchAsync();
        }
    }

    /// <summary>Panel code besides, with connections of its own.</summary>
    public Task<FleetPanel> ConnectAsync() => FleetPanel.ConnectAsync(Redis, _papers);

    /// <summary>Makes a process, not started yet.</summary>
    /// <param name="role">host or control.</param>
    /// <param name="name">Its WINGS_HOST.</param>
    /// <param name="other">Settings that are not as those of the others.</param>
    public async Task<FleetMember> AddAsync(string role, string name, params (string Name, string Value)[] other)
    {
        await _papers.MakeAsync(role, name);
        return _members[name] = Make(role, name, Path.Combine(_folder, name), other);
    }

    /// <summary>A host under a name that another has, with that one's certificate; not started yet.</summary>
    public FleetMember MakeTwin(string name) => Make("host", name, Path.Combine(_folder, $"{name}-twin"));

    /// <summary>The folder of the fleet's CA.</summary>
    public string Authority => _papers.Authority;

    /// <summary>The folder that a process has in WINGS_CERTIFICATES.</summary>
    public string CertificatesOf(string role, string name) => _papers.Of(role, name);

    private FleetMember Make(string role, string name, string data, params (string Name, string Value)[] other)
    {
        var password = Path.Combine(_folder, "password");
        // Once: a control process that starts may be reading it.
        if (!File.Exists(password))
            File.WriteAllText(password, Password + "\n");
        var settings = new Dictionary<string, string>
        {
            ["WINGS_ROLE"] = role,
            ["WINGS_HOST"] = name,
            ["WINGS_CERTIFICATES"] = _papers.Of(role, name),
            ["WINGS_REDIS"] = Redis.Url,
            ["WINGS_REDIS_PASSWORD_FILE"] = Redis.PasswordFile,
            ["WINGS_DATA"] = data,
            ["WINGS_URLS"] = $"http://127.0.0.1:{FreePort.Find()}",
            ["WINGS_SILO_PORT"] = $"{FreePort.Find()}",
        };
        // What a host says after a pause comes all at once, and these tests count every line.
        if (role == "host")
            (settings["WINGS_ENGINE"], settings["WINGS_CONSOLE_THROTTLE_LINES"]) = (Engine.OriginalString, "0");
        else
            (settings["WINGS_GATEWAY_PORT"], settings["WINGS_ADMIN_PASSWORD_FILE"]) = ($"{FreePort.Find()}", password);
        foreach (var (setting, value) in other)
            settings[setting] = value;
        return new FleetMember(settings);
    }

    /// <summary>A server that runs on a host, made and started by panel code.</summary>
    public async Task<IServer> RunServerAsync(string host, string name)
    {
        var created = await Eventually.GetAsync(() => Fleet.CreateServerAsync(Game(name, host)), result => result.IsAccepted);
        var server = Fleet.GetServer(created.Server!.Value);
        await Eventually.GetAsync(server.StartAsync, result => result.IsAccepted || result.Refusal == ServerRefusal.AlreadyRunning);
        await WaitForAsync(server, PowerState.Running);
        return server;
    }

    public static async Task<ServerSnapshot> WaitForAsync(IServer server, PowerState state)
        => (await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true } && snapshot.State == state))!;

    public async ValueTask DisposeAsync()
    {
        // Shown only of a test that failed.
        foreach (var (name, member) in _members)
            TestContext.Current.TestOutputHelper?.WriteLine($"==== {name} said:\n{member.Output}");

        if (_panel is not null)
            await _panel.DisposeAsync();

        foreach (var member in _members.Values)
            await member.DisposeAsync();
        await Redis.DisposeAsync();
        await new DockerCommand(Engine).RemoveAsync(ServersUnder(_folder));
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The tests' game.</summary>
    public static ServerSpec Game(string name, string host) => new()
    {
        Name = name,
        Host = new HostId(host),
        Image = "~" + RealEngine.Image,
        Startup = "game",
        DoneLines = ["For help, type"],
        Stop = new StopRule { Kind = StopKind.Command, Value = "stop" },
    };

    // A container is named as its server, and each has or had a folder under one of these.
    private static string[] ServersUnder(string folder)
        => [.. Directory.EnumerateDirectories(folder)
            .SelectMany(data => ((string[])["volumes", "trash", "consoles"]).Select(name => Path.Combine(data, name)).Where(Directory.Exists))
            .SelectMany(Directory.EnumerateDirectories).Select(Path.GetFileName).OfType<string>().Distinct()];

    /// <summary>The membership as it is in Redis.</summary>
    public async Task<IReadOnlyList<FleetMemberEntry>> ReadMembersAsync() => await FleetMemberEntry.ReadAsync(await Redis.OpenAsync());
}

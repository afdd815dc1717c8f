using OrleansWings.Fleets;

namespace OrleansWings.EndToEnd.Tests.Deployments;

/// <summary>
/// The repository's docker-compose.host.yml on a machine with an engine of its own, and the rest of the fleet on another: Redis with TLS,
/// a control process, and panel code.
/// </summary>
internal sealed class HostProject : IAsyncDisposable
{
    /// <summary>The host's name.</summary>
    public const string Host = "eu-1";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-host-").FullName;
    private readonly FleetPapers _papers;
    private readonly Stack<IAsyncDisposable> _owned = [];
    private MachineNetwork? _network;
    private EngineOfOneTest? _engine;
    private RedisServer? _redis;
    private FleetMember? _control;
    private FleetPanel? _panel;

    private HostProject() => _papers = new FleetPapers(_folder);

    public DockerCommand Docker => new(_engine!.Address);

    /// <summary>The fleet as panel code sees it.</summary>
    public IFleet Fleet => _panel!.Fleet;

    public ComposeCommand Compose { get; } = new("docker-compose", Repository.PathOf("docker-compose.host.yml"));

    /// <summary>Starts all but the host, and makes the image.</summary>
    public static async Task<HostProject> PrepareAsync(ComposeImage image)
    {
        image.Begin();
        var project = new HostProject();
        try
        {
            // The engine is gone before its network: a namespace that something still runs in would live on without a name.
            project._network = project.Own(await MachineNetwork.StartAsync("d"));
            project._engine = project.Own(await EngineOfOneTest.StartAsync());
            await project.StartFleetAsync(project._network);
            await project.ConfigureAsync(project._network, project._engine);
            await image.MakeAsync(project._engine.Address);
            return project;
        }
        catch
        {
            await project.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Shown only of a test that failed.
        TestContext.Current.TestOutputHelper?.WriteLine($"==== control said:\n{_control?.Output}");
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartFleetAsync(MachineNetwork network)
    {
        await _papers.MakeAuthorityAsync();
        var machine = await network.AddAsync("c1");
        var certificates = await _papers.MakeAsync("redis", "store", machine.Address.ToString());
        _redis = Own(await RedisServer.StartAsync(new RedisPlace(machine, certificates, Own(new NamespaceForward(machine.Namespace, RedisPlace.Port)))));
        _control = Own(new FleetMember(
            new Dictionary<string, string>
            {
                ["WINGS_ROLE"] = "control",
                ["WINGS_HOST"] = "c1",
                ["WINGS_CERTIFICATES"] = await _papers.MakeAsync("control", "c1"),
                ["WINGS_REDIS"] = _redis.Url,
                ["WINGS_REDIS_PASSWORD_FILE"] = _redis.PasswordFile,
                ["WINGS_DATA"] = Path.Combine(_folder, "c1"),
                ["WINGS_URLS"] = "http://127.0.0.1:8080",
            },
            machine.Namespace));
        await _control.LaunchAsync();
        _panel = Own(await FleetPanel.ConnectAsync(_redis, _papers, await network.AddAsync("p")));
    }

    // As the file's head says.
    private async Task ConfigureAsync(MachineNetwork network, EngineOfOneTest engine)
    {
        await network.PlugAsync("h1", Path.GetFileName(engine.Namespace));
        var (data, password, socket) = (Path.Combine(_folder, "data"), Path.Combine(_folder, "redis-password"), engine.Address.LocalPath);
        await Command.RunAsync("install", "-d", "-m", "700", "-o", "988", "-g", "988", data);
        await Command.RunAsync("install", "-m", "400", "-o", "988", "-g", "988", _redis!.PasswordFile, password);
        var certificates = await _papers.MakeAsync("host", Host);
        await Command.RunAsync("chown", "-R", "988:988", certificates);
        Compose.Environment["DOCKER_HOST"] = engine.Address.OriginalString;
        Compose.Environment["WINGS_HOST"] = Host;
        Compose.Environment["WINGS_REDIS"] = _redis!.Url;
        Compose.Environment["WINGS_DATA"] = data;
        Compose.Environment["WINGS_CERTIFICATES"] = certificates;
        Compose.Environment["REDIS_PASSWORD_FILE"] = password;
        Compose.Environment["DOCKER_SOCKET"] = socket;
        Compose.Environment["DOCKER_GROUP"] = await Command.RunAsync("stat", "-c", "%g", socket);
    }

    private T Own<T>(T made) where T : IAsyncDisposable
    {
        _owned.Push(made);
        return made;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace OrleansWings.EndToEnd.Tests.Deployments;

/// <summary>The repository's docker-compose.yml on an engine of the test's own, with the image that the Dockerfile makes; nothing is pulled.</summary>
internal sealed class ComposeProject : IAsyncDisposable
{
    private const string Base = "orleanswings-test-base";
    private const string Sdk = "orleanswings-test-sdk";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-compose-").FullName;
    private readonly EngineOfOneTest _engine;
    private readonly Dictionary<string, string> _environment = [];

    private readonly string _program;
    private readonly string _compose;

    private ComposeProject(EngineOfOneTest engine, string program, string compose) => (_engine, _program, _compose) = (engine, program, compose);

    public DockerCommand Docker => new(_engine.Address);

    /// <summary>Where the dashboard's published port is.</summary>
    public string Namespace => _engine.Namespace;

    /// <summary>Starts the engine and makes the image.</summary>
    /// <param name="compose">The docker-compose to use: the old one, or Compose v2.</param>
    public static async Task<ComposeProject> PrepareAsync(string compose)
    {
        var program = Directory.CreateTempSubdirectory("ow-image-").FullName;
        var publishing = Command.RunAsync("dotnet", "publish", Repository.PathOf("src", "OrleansWings"), "-c", "Release", "--use-current-runtime", "--self-contained", "-p:ReadyToRun=true", "-o", program, "-v", "quiet", "--nologo");
        var project = new ComposeProject(await EngineOfOneTest.StartAsync(), program, compose);
        try
        {
            await publishing;
            await project.BuildAsync();
            await project.ConfigureAsync();
            return project;
        }
        catch
        {
            await project.DisposeAsync();
            throw;
        }
    }

    /// <summary>docker-compose with these arguments.</summary>
    public async Task<string> ComposeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_compose, ["-p", "fleet", "-f", Repository.PathOf("docker-compose.yml"), "-f", Path.Combine(_folder, "test.yml"), .. arguments]);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        var result = await Command.TryAsync(start);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"docker-compose {string.Join(' ', arguments)}: {result.Error}{result.Output}");
    }

    /// <summary>A service's container, by what identifies it to compose.</summary>
    public async Task<string> ContainerAsync(string service) => (await ComposeAsync("ps", "-q", service)).Trim();

    /// <summary>Waits until Docker's own health check says so.</summary>
    public async Task WaitUntilHealthyAsync(string service)
    {
        var container = await ContainerAsync(service);
        await Eventually.GetAsync(() => Docker.InspectAsync(container, "{{.State.Health.Status}} {{range .State.Health.Log}}{{.Output}}{{end}}"), health => health?.StartsWith("healthy", StringComparison.Ordinal) is true);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_program, recursive: true);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BuildAsync()
    {
        await Command.RunAsync(Repository.PathOf("tests", "engine", "make-image-bases"), _engine.Address.OriginalString, _program);
        // The builder that every engine has, with or without the client's plugin for the newer one.
        var build = new ProcessStartInfo("docker", ["-H", _engine.Address.OriginalString, "build", "-q", "-t", "orleans-wings", "--build-arg", $"SDK_IMAGE={Sdk}", "--build-arg", $"NODE_IMAGE={Sdk}",
            "--build-arg", $"RUNTIME_IMAGE={Base}", Repository.Root]);
        build.Environment["DOCKER_BUILDKIT"] = "0";
        var result = await Command.TryAsync(build);
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
    }

    private async Task ConfigureAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        var socket = _engine.Address.LocalPath;
        await File.WriteAllTextAsync(Path.Combine(_folder, "redis-password"), "the store's $password 1");
        await File.WriteAllTextAsync(Path.Combine(_folder, "admin-password"), WingsProgram.Password);
        await File.WriteAllTextAsync(Path.Combine(_folder, "test.yml"), $$"""
            services:
              control:
                environment: { WINGS_ADMIN_PASSWORD_FILE: /admin-password }
                volumes: ["{{_folder}}/admin-password:/admin-password:ro"]
            """);
        // The folder is its owner's only, and each container sees just the one file.
        File.SetUnixFileMode(Path.Combine(_folder, "redis-password"), (UnixFileMode)Convert.ToInt32("644", 8));
        _environment["DOCKER_HOST"] = _engine.Address.OriginalString;
        _environment["WINGS_DATA"] = data;
        _environment["DOCKER_SOCKET"] = socket;
        _environment["DOCKER_GROUP"] = await Command.RunAsync("stat", "-c", "%g", socket);
        _environment["REDIS_IMAGE"] = Base;
        _environment["REDIS_PASSWORD_FILE"] = Path.Combine(_folder, "redis-password");
        _environment["COMPOSE_HTTP_TIMEOUT"] = 120.ToString(CultureInfo.InvariantCulture);
    }
}

using System.Globalization;

namespace OrleansWings.EndToEnd.Tests.Deployments;

/// <summary>The repository's docker-compose.yml on an engine of the test's own.</summary>
internal sealed class ComposeProject : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ow-compose-").FullName;
    private readonly EngineOfOneTest _engine;
    private readonly ComposeCommand _compose;

    private ComposeProject(EngineOfOneTest engine, string compose)
        => (_engine, _compose) = (engine, new ComposeCommand(compose, Repository.PathOf("docker-compose.yml"), Path.Combine(_folder, "test.yml")));

    public DockerCommand Docker => new(_engine.Address);

    /// <summary>Where the dashboard's published port is.</summary>
    public string Namespace => _engine.Namespace;

    /// <summary>Starts the engine and makes the image.</summary>
    /// <param name="image">Makes it.</param>
    /// <param name="compose">The docker-compose to use: the old one, or Compose v2.</param>
    public static async Task<ComposeProject> PrepareAsync(ComposeImage image, string compose)
    {
        image.Begin();
        var project = new ComposeProject(await EngineOfOneTest.StartAsync(), compose);
        try
        {
            await image.MakeAsync(project._engine.Address);
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
    public Task<string> ComposeAsync(params string[] arguments) => _compose.RunAsync(arguments);

    /// <summary>A service's container, by what identifies it to compose.</summary>
    public async Task<string> ContainerAsync(string service) => (await ComposeAsync("ps", "-q", service)).Trim();

    /// <summary>Waits until Docker's own health check says so.</summary>
    public async Task WaitUntilHealthyAsync(string service)
    {
        var container = await ContainerAsync(service);
        await Eventually.GetAsync(() => Docker.InspectAsync(container, "{{.State.Health.Status}} {{range .State.Health.Log}}{{.Output}}{{end}}"), health => health?.StartsWith("healthy", StringComparison.Ordinal) is true, TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
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
        _compose.Environment["DOCKER_HOST"] = _engine.Address.OriginalString;
        _compose.Environment["WINGS_DATA"] = data;
        _compose.Environment["DOCKER_SOCKET"] = socket;
        _compose.Environment["DOCKER_GROUP"] = await Command.RunAsync("stat", "-c", "%g", socket);
        _compose.Environment["REDIS_IMAGE"] = ComposeImage.Base;
        _compose.Environment["REDIS_PASSWORD_FILE"] = Path.Combine(_folder, "redis-password");
        _compose.Environment["COMPOSE_HTTP_TIMEOUT"] = 120.ToString(CultureInfo.InvariantCulture);
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

/// <summary>A real image registry beside the tests' engine, on its loopback, open to one user only.</summary>
public sealed class PrivateRegistry : IAsyncDisposable
{
    private const string User = "player";
    private const string Password = "secret";

    // bcrypt of the password: the only kind the registry takes.
    private const string PasswordFile = User + ":$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private readonly Process _process;
    private readonly string _folder;
    private int _isEnded;

    private PrivateRegistry(Process process, string folder, string address) => (_process, _folder, Address) = (process, folder, address);

    /// <summary>"127.0.0.1:port".</summary>
    public string Address { get; }

    public RegistryCredentials Credentials => new(Address, User, Password);

    public static async Task<PrivateRegistry> StartAsync(int port, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ow-registry-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "passwords"), PasswordFile, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yml"), $$"""
            version: 0.1
            storage: { filesystem: { rootdirectory: {{folder}}/data } }
            http: { addr: "127.0.0.1:{{port}}" }
            auth: { htpasswd: { realm: tests, path: {{folder}}/passwords } }
            """, cancellationToken);
        var process = HostCommand.Start("nsenter", RealEngine.InNamespace("docker-registry", "serve", Path.Combine(folder, "config.yml")));
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return new PrivateRegistry(process, folder, $"127.0.0.1:{port}");
    }

    /// <summary>Puts an image of the engine into the registry under a new name, and returns the name.</summary>
    public async Task<string> PushAsync(string image, string name, CancellationToken cancellationToken)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.json"), $$"""{ "auths": { "{{Address}}": { "auth": "{{login}}" } } }""", cancellationToken);
        var remote = $"{Address}/{name}";
        await DockerAsync(["tag", image, remote], cancellationToken);

        // It may not listen yet.
        for (var tries = 1; ; tries++)
        {
            try
            {
                await DockerAsync(["push", remote], cancellationToken);
                break;
            }
            catch (InvalidOperationException) when (tries < 40)
            {
                await Task.Delay(250, cancellationToken);
            }
        }

        await DockerAsync(["rmi", remote], cancellationToken);
        return remote;
    }

    /// <summary>Puts an image of one layer of 8 MiB into the registry that no engine has seen: one that is there already is not downloaded.</summary>
    /// <param name="name">Its name there, with its tag.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task PushNewLayerAsync(string name, CancellationToken cancellationToken)
    {
        var local = $"orleanswings-layer:{Path.GetRandomFileName()[..8]}";
        var (files, archive) = (Directory.CreateDirectory(Path.Combine(_folder, "files")).FullName, Path.Combine(_folder, "files.tar"));
        await File.WriteAllBytesAsync(Path.Combine(files, "world"), RandomNumberGenerator.GetBytes(8 << 20), cancellationToken);
        await HostCommand.RunAsync("tar", ["-C", files, "-cf", archive, "."], cancellationToken);
        await DockerAsync(["import", archive, local], cancellationToken);
        await PushAsync(local, name, cancellationToken);
        await DockerAsync(["rmi", local], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // A test may have ended it already, to see what happens then.
        if (Interlocked.Exchange(ref _isEnded, 1) == 1)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task DockerAsync(string[] arguments, CancellationToken cancellationToken)
        => HostCommand.RunAsync("docker", ["--config", _folder, "-H", RealEngine.Require().ToString(), .. arguments], cancellationToken);
}

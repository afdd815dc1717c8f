using System.Diagnostics;
using OrleansWings.Testing.Engines;
using Xunit;

namespace OrleansWings.Testing.Programs;

/// <summary>
/// The published program: the one that test.sh made, else published once for this run. At the end the servers' network is
/// taken from the engine, unless it was there before.
/// </summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    private static string? s_path;
    private const string Network = "orleanswings0";

    private string? _folder;
    private bool _hadNetwork;

    /// <summary>The executable.</summary>
    public static string Path => s_path ?? throw new InvalidOperationException("The program is not published yet.");

    /// <summary>Takes one that somebody else published and removes.</summary>
    public static void Use(string path) => s_path = path;

    public async ValueTask InitializeAsync()
    {
        _hadNetwork = (await NetworkAsync("inspect")).ExitCode == 0;
        if (Environment.GetEnvironmentVariable("WINGS_TEST_PROGRAM") is { Length: > 0 } given)
        {
            s_path = given;
            return;
        }

        _folder = Directory.CreateTempSubdirectory("ow-program-").FullName;
        await Command.RunAsync("dotnet", "publish", System.IO.Path.Combine(HostCommand.Repository, "src/OrleansWings"), "-c", "Release", "-o", _folder, "-v", "quiet", "--nologo");
        s_path = System.IO.Path.Combine(_folder, "orleans-wings");
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        // Refused while somebody else's server is in it, which is as it should be.
        if (!_hadNetwork)
            await NetworkAsync("rm");
    }

    private static async Task<CommandResult> NetworkAsync(string action)
        => RealEngine.Address is { } engine
            ? await Command.TryAsync(new ProcessStartInfo("docker", ["-H", engine.OriginalString, "network", action, Network]))
            : new CommandResult(0, "", "");
}

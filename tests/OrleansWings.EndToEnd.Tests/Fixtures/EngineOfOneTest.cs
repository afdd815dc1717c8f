using System.Diagnostics;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>A Docker engine of one test, which may end it and start it again.</summary>
internal sealed class EngineOfOneTest : IAsyncDisposable
{
    // A short path: a unix socket's may have about 100 characters.
    private readonly string _folder = Directory.CreateTempSubdirectory("owl-").FullName;
    private readonly string _name = $"owl-{Path.GetRandomFileName()[..6]}";

    private EngineOfOneTest()
    {
    }

    public Uri Address => new($"unix://{Path.Combine(_folder, _name, "docker.sock")}");

    /// <summary>Where its published ports are.</summary>
    public string Namespace => $"/run/netns/{_name}";

    public static async Task<EngineOfOneTest> StartAsync()
    {
        var engine = new EngineOfOneTest();
        try
        {
            await engine.StartAgainAsync();
            await Command.RunAsync(Repository.PathOf("tests", "engine", "make-test-image"), engine.Address.OriginalString, RealEngine.Image);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public Task StartAgainAsync() => RunAsync("up");

    /// <summary>Ends the engine and what runs in it.</summary>
    public Task StopAsync() => RunAsync("stop");

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(string action)
    {
        var start = new ProcessStartInfo(Repository.PathOf("scripts", "engine"), [action, _name]);
        start.Environment["ENGINES"] = _folder;
        var result = await Command.TryAsync(start);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"scripts/engine {action} failed: {result.Error}");
    }
}

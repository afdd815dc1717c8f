using System.Diagnostics;

namespace OrleansWings.EndToEnd.Tests.Deployments;

/// <summary>docker-compose with one project's files and settings.</summary>
/// <param name="program">The docker-compose to use: the old one, or Compose v2.</param>
/// <param name="files">The compose files.</param>
internal sealed class ComposeCommand(string program, params string[] files)
{
    /// <summary>What the files take from the environment.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>docker-compose with these arguments; its output.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(program, ["-p", "fleet", .. files.SelectMany(file => (string[])["-f", file]), .. arguments]);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        var result = await Command.TryAsync(start);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"docker-compose {string.Join(' ', arguments)}: {result.Error}{result.Output}");
    }
}

using System.Diagnostics;

namespace OrleansWings.Testing.Programs;

/// <summary>The docker command on one engine: what is really there, without a line of the program's own code.</summary>
public sealed class DockerCommand(Uri engine)
{
    public Task<string> RunAsync(params string[] arguments) => Command.RunAsync("docker", ["-H", engine.OriginalString, .. arguments]);

    /// <summary>A field of a container by a Go template; null when there is no such container.</summary>
    public async Task<string?> InspectAsync(string container, string template)
    {
        var result = await Command.TryAsync(new ProcessStartInfo("docker", ["-H", engine.OriginalString, "container", "inspect", "-f", template, container]));
        return result.ExitCode == 0 ? result.Output.Trim()
            : result.Error.Contains("No such container", StringComparison.OrdinalIgnoreCase) ? null
            : throw new InvalidOperationException(result.Error);
    }

    /// <summary>The engine's own id of a container; null when there is none.</summary>
    public Task<string?> IdAsync(string container) => InspectAsync(container, "{{.Id}}");

    /// <summary>"running", "exited", …; null when there is no such container.</summary>
    public Task<string?> StatusAsync(string container) => InspectAsync(container, "{{.State.Status}}");

    public async Task RemoveAsync(IReadOnlyCollection<string> containers)
    {
        if (containers.Count > 0)
            await Command.TryAsync(new ProcessStartInfo("docker", ["-H", engine.OriginalString, "rm", "-f", .. containers]));
    }
}

using System.Globalization;
using System.Text;

namespace OrleansWings.Benchmarks.Programs;

/// <summary>What a private engine (scripts/engine) consists of: dockerd, containerd, and a shim for each running container.</summary>
internal sealed record EngineProcesses(int[] Engine, int[] Containerd, int[] Shims)
{
    public static EngineProcesses Find(Uri engine)
    {
        var home = Path.GetDirectoryName(engine.LocalPath)!;
        return new EngineProcesses(
            [ReadId(Path.Combine(home, "pid"))],
            [ReadId(Path.Combine(home, "exec/containerd/containerd.pid"))],
            [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0 && IsShim(id, home))]);
    }

    private static int ReadId(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    private static bool IsShim(int process, string home)
    {
        try
        {
            var command = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/cmdline")).Split('\0');
            return Path.GetFileName(command[0]).StartsWith("containerd-shim", StringComparison.Ordinal) && command.Any(word => word.StartsWith(home + "/", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Gone meanwhile.
        }
    }
}

using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Usages;

/// <summary>Finds a container's cgroup files from its first process.</summary>
internal static class CgroupFinder
{
    /// <summary>Null when the process is gone, is not this container's, or the files are not to be seen from here.</summary>
    public static CgroupFiles? Find(string cgroupRoot, string procRoot, ContainerId container, int processId, Lazy<bool> isDiskCounted)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(procRoot, $"{processId}", "cgroup"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The number may be another process's by now.
        if (!lines.Any(line => line.Contains(container.Value, StringComparison.Ordinal)))
            return null;

        // On a hybrid machine both kinds of line are there, and the controllers are with version 1.
        var hasControllersV1 = lines.Any(line => Controllers(line).Contains("memory"));
        CgroupFiles? files = hasControllersV1
            ? FindV1(cgroupRoot, lines, isDiskCounted)
            : lines.FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal)) is { } unified ? new CgroupFilesV2(cgroupRoot + GroupPath(unified), isDiskCounted) : null;
        return files;
    }

    /// <summary>
    /// Whether this kernel counts what goes to disks: then its counters of the whole machine name a device. A group that has not used a disk
    /// yet has an empty file either way.
    /// </summary>
    public static bool IsDiskCounted(string cgroupRoot)
        => Has(Path.Combine(cgroupRoot, "blkio", "blkio.throttle.io_service_bytes"), "Read ") || Has(Path.Combine(cgroupRoot, "io.stat"), "rbytes=");

    private static bool Has(string file, string word)
    {
        try
        {
            return File.ReadAllText(file).Contains(word, StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static CgroupFilesV1? FindV1(string root, string[] lines, Lazy<bool> isDiskCounted)
        => Folder(root, lines, "cpuacct") is { } cpu && Folder(root, lines, "memory") is { } memory
            ? new CgroupFilesV1(cpu, memory, Folder(root, lines, "pids") ?? "", Folder(root, lines, "blkio") ?? "", isDiskCounted)
            : null;

    // Controllers mounted together share a folder named after both ("cpu,cpuacct"), mostly with a link for each.
    private static string? Folder(string root, string[] lines, string controller)
    {
        if (lines.FirstOrDefault(line => Controllers(line).Contains(controller)) is not { } line)
            return null;

        var folder = Path.Combine(root, controller);
        return (Directory.Exists(folder) ? folder : Path.Combine(root, string.Join(',', Controllers(line)))) + GroupPath(line);
    }

    private static string[] Controllers(string line) => line.Split(':', 3) is [_, var controllers, _] ? controllers.Split(',') : [];

    private static string GroupPath(string line) => line.Split(':', 3)[2];
}

using System.Globalization;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Servers;

/// <summary>Parts of a spec as a person says them.</summary>
public static class SpecWords
{
    /// <summary>"command “stop”, then kill after 600 s".</summary>
    public static string Stop(StopRule stop)
    {
        var way = stop.Kind switch
        {
            StopKind.Command => $"command “{stop.Value}”",
            StopKind.Signal => stop.Value,
            _ => "the image's own signal",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{way}, killed after {stop.Grace.TotalSeconds:0.###} s");
    }

    /// <summary>"2048 MiB memory, 200 % CPU, 512 processes"; "none" without any.</summary>
    public static string Limits(ServerLimits limits)
    {
        List<string> parts = [];
        if (limits.MemoryMiB > 0)
            parts.Add($"{limits.MemoryMiB} MiB memory");
        if (limits.SwapMiB != 0)
            parts.Add(limits.SwapMiB < 0 ? "any swap" : $"{limits.SwapMiB} MiB swap");
        if (limits.CpuPercent > 0)
            parts.Add($"{limits.CpuPercent} % CPU");
        if (limits.DiskMiB > 0)
            parts.Add($"{limits.DiskMiB} MiB disk");
        if (limits.CpuSet.Length > 0)
            parts.Add($"cores {limits.CpuSet}");
        if (limits.ProcessLimit > 0)
            parts.Add($"{limits.ProcessLimit} processes");
        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }
}

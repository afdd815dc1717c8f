using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansWings.Servers;

public static partial class ServerSpecValidator
{
    /// <summary>Every fault of the limits.</summary>
    /// <param name="limits">As typed.</param>
    public static IEnumerable<SpecFault> CheckLimits(ServerLimits limits)
    {
        if (limits.MemoryMiB is not (0 or (>= 16 and <= 4_194_304)))
            yield return Fault(nameof(limits.MemoryMiB), $"{limits.MemoryMiB} MiB of memory cannot be: 0 for no limit, or 16 to 4194304.");
        if (limits.SwapMiB is < -1 or > 4_194_304)
            yield return Fault(nameof(limits.SwapMiB), $"{limits.SwapMiB} MiB of swap cannot be: -1 for no limit, 0 for none, or up to 4194304.");
        if (limits.CpuPercent is not (0 or (>= 5 and <= 100_000)))
            yield return Fault(nameof(limits.CpuPercent), $"{limits.CpuPercent} % of a core cannot be: 0 for no limit, or 5 to 100000.");
        if (limits.CpuSet is not "" && (limits.CpuSet is null || limits.CpuSet.Length > 200 || !CpuSetPattern().IsMatch(limits.CpuSet) || limits.CpuSet.Split(',').Any(IsBackwards)))
            yield return Fault(nameof(limits.CpuSet), $"'{Shorten(limits.CpuSet ?? "")}' does not name cores: write 0-3,6.");
        if (limits.ProcessLimit is < 0 or > 1_000_000)
            yield return Fault(nameof(limits.ProcessLimit), $"{limits.ProcessLimit} processes cannot be: 0 for no limit, or 1 to 1000000.");
        if (limits.IoWeight is not (0 or (>= 10 and <= 1_000)))
            yield return Fault(nameof(limits.IoWeight), $"{limits.IoWeight} is not an I/O weight: 0, or 10 to 1000.");
        if (limits is { IsOomKillDisabled: true, MemoryMiB: 0 })
            yield return Fault(nameof(limits.IsOomKillDisabled), "Without a memory limit the kernel must be able to end the process: give the server one, or leave this off.");
        if (limits.DiskMiB is < 0 or > 1_073_741_824)
            yield return Fault(nameof(limits.DiskMiB), $"{limits.DiskMiB} MiB of disk cannot be: 0 for no limit, or up to 1073741824.");
    }

    private static bool IsBackwards(string cores)
        => cores.Split('-') is [var first, var last] && int.Parse(first, CultureInfo.InvariantCulture) > int.Parse(last, CultureInfo.InvariantCulture);

    private static SpecFault Fault(string field, string message) => new($"Limits.{field}", message);

    [GeneratedRegex(@"\A[0-9]{1,4}(?:-[0-9]{1,4})?(?:,[0-9]{1,4}(?:-[0-9]{1,4})?)*\z")]
    private static partial Regex CpuSetPattern();
}

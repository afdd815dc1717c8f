using System.Collections.Immutable;
using System.Globalization;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// What of new limits a running container can be given: pure. An engine can change each limit, but not take memory, pinning or
/// I/O weight away again (the seed says so of the first two, the third was found by trying), and not whether the kernel may kill for memory.
/// </summary>
internal static class LimitChange
{
    private const long MiB = 1024 * 1024;

    /// <summary>The limits one by one, for when the engine refuses them together: each takes its own from the second argument.</summary>
    public static readonly ImmutableArray<(string Name, Func<ServerLimits, ServerLimits, ServerLimits> Take)> Parts =
    [
        ("memory", (into, from) => into with { MemoryMiB = from.MemoryMiB, SwapMiB = from.SwapMiB }),
        ("CPU limit", (into, from) => into with { CpuPercent = from.CpuPercent }),
        ("cores", (into, from) => into with { CpuSet = from.CpuSet }),
        ("process limit", (into, from) => into with { ProcessLimit = from.ProcessLimit }),
        ("I/O weight", (into, from) => into with { IoWeight = from.IoWeight }),
        ("OOM kill", (into, from) => into with { IsOomKillDisabled = from.IsOomKillDisabled }),
        ("disk", (into, from) => into with { DiskMiB = from.DiskMiB }),
    ];

    /// <summary>The wanted limits as far as a running container can have them; what cannot be taken away stays as it is in force.</summary>
    public static ServerLimits Reachable(ServerLimits inForce, ServerLimits wanted) => wanted with
    {
        MemoryMiB = wanted.MemoryMiB == 0 ? inForce.MemoryMiB : wanted.MemoryMiB,
        SwapMiB = wanted.MemoryMiB == 0 ? inForce.SwapMiB : wanted.SwapMiB,
        CpuSet = wanted.CpuSet.Length == 0 ? inForce.CpuSet : wanted.CpuSet,
        IoWeight = wanted.IoWeight == 0 ? inForce.IoWeight : wanted.IoWeight,
        IsOomKillDisabled = inForce.IsOomKillDisabled,
    };

    /// <summary>
    /// Why a memory limit cannot be set on a running container: the game uses more. Version 1 of cgroups refuses it; version 2 takes it, and the kernel ends
    /// the game. Null when it can be.
    /// </summary>
    /// <param name="inForceMiB">The limit now; 0 for none.</param>
    /// <param name="wantedMiB">The limit to be.</param>
    /// <param name="usedBytes">What the game uses, without the cache that the kernel can drop; null when that is not known.</param>
    public static string? WhyNotMemory(long inForceMiB, long wantedMiB, long? usedBytes)
        => wantedMiB == 0 || (inForceMiB != 0 && wantedMiB >= inForceMiB) || usedBytes is not { } used || used < wantedMiB * MiB
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"The game uses {used / MiB:N0} MiB: with a limit of {wantedMiB:N0} MiB the kernel would end it.");

    /// <summary>Which wanted limits the engine takes and does not put in force.</summary>
    /// <param name="wanted">The spec's.</param>
    /// <param name="engine">What the engine says of itself.</param>
    public static IEnumerable<string> NotInForce(ServerLimits wanted, EngineFacts engine)
    {
        if (wanted.MemoryMiB > 0 && !engine.HasMemoryLimit)
            yield return "memory";
        // None at all is the default, which nobody chose.
        else if (wanted is { MemoryMiB: > 0, SwapMiB: > 0 } && !engine.HasSwapLimit)
            yield return "swap";
        if (wanted.CpuPercent > 0 && !engine.HasCpuLimit)
            yield return "CPU limit";
        if (wanted.CpuSet.Length > 0 && !engine.HasCpuSet)
            yield return "cores";
        if (wanted.ProcessLimit > 0 && !engine.HasProcessLimit)
            yield return "process limit";
    }

    /// <summary>What is not as wanted yet, in words.</summary>
    /// <param name="inForce">The container's limits now.</param>
    /// <param name="wanted">The spec's.</param>
    /// <param name="toldMiB">What the game was told of its memory when it started.</param>
    public static IEnumerable<string> Waiting(ServerLimits inForce, ServerLimits wanted, long toldMiB)
    {
        // Without a memory limit there is none on swap, whatever is written there.
        var swap = wanted.MemoryMiB == 0 ? inForce.SwapMiB : wanted.SwapMiB;
        foreach (var (name, take) in Parts)
        {
            if (take(inForce, wanted with { SwapMiB = swap }) != inForce)
                yield return name;
        }

        if (inForce.MemoryMiB == wanted.MemoryMiB && toldMiB != wanted.MemoryMiB)
            yield return "what the game is told of its memory (SERVER_MEMORY)";
    }

    /// <summary>What has changed, for the console: "memory 2,048 MiB, CPU limit none".</summary>
    public static string Describe(ServerLimits before, ServerLimits after)
        => string.Join(", ", Parts.Where(part => part.Take(before, after) != before).Select(part => $"{part.Name} {Value(part.Name, after)}"));

    private static string Value(string part, ServerLimits limits) => part switch
    {
        "memory" when limits.SwapMiB < 0 => $"{Amount(limits.MemoryMiB, " MiB")} and any swap",
        "memory" when limits.SwapMiB > 0 => $"{Amount(limits.MemoryMiB, " MiB")} and {Amount(limits.SwapMiB, " MiB")} of swap",
        "memory" => Amount(limits.MemoryMiB, " MiB"),
        "CPU limit" => Amount(limits.CpuPercent, " %"),
        "cores" => limits.CpuSet,
        "process limit" => Amount(limits.ProcessLimit, ""),
        "I/O weight" => Amount(limits.IoWeight, ""),
        "OOM kill" => limits.IsOomKillDisabled ? "off" : "on",
        _ => Amount(limits.DiskMiB, " MiB"),
    };

    private static string Amount(long value, string unit) => value == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{value:N0}{unit}");
}

namespace OrleansWings.Servers;

/// <summary>
/// What a container may use; 0 is no limit unless a member says otherwise. A change is set on the running container; what cannot be taken
/// away from it (a memory limit, cores, I/O weight) goes at the next start.
/// </summary>
[GenerateSerializer, Immutable, Alias("server-limits")]
public sealed record ServerLimits
{
    /// <summary>Memory in MiB (1,048,576 bytes): 0, or 16 to 4,194,304. Default: 0.</summary>
    [Id(0)]
    public long MemoryMiB { get; init; }

    /// <summary>Swap in MiB on top of the memory: -1 for no limit, 0 for none, up to 4,194,304. Default: 0.</summary>
    [Id(1)]
    public long SwapMiB { get; init; }

    /// <summary>CPU in % of one core: 0, or 5 to 100,000. Default: 0.</summary>
    [Id(2)]
    public long CpuPercent { get; init; }

    /// <summary>The cores it may run on, as Docker writes them: "0-3,6". Default: "", all.</summary>
    [Id(3)]
    public string CpuSet { get; init; } = "";

    /// <summary>Processes and threads: 1 to 1,000,000; 0 for no limit. Default: 512, as Pterodactyl Wings has it.</summary>
    [Id(4)]
    public long ProcessLimit { get; init; } = 512;

    /// <summary>The peer's weight of everybody's disk I/O.</summary>
    public const int DefaultIoWeight = 500;

    /// <summary>Weight of its disk I/O: 0 (the kernel's own), or 10 to 1,000. Default: 500, as Pterodactyl Wings has it.</summary>
    [Id(5)]
    public int IoWeight { get; init; } = DefaultIoWeight;

    /// <summary>Disk space in MiB of the server's own files, up to 1,073,741,824: at 90 % it is warned on its console, at 100 % it is stopped, and not started. Default: 0.</summary>
    [Id(6)]
    public long DiskMiB { get; init; }

    /// <summary>
    /// Whether a process that wants more memory than there is waits for some, rather than be ended by the kernel. Needs a memory limit, as without
    /// one the whole host would wait; kernels with cgroup version 2 do not have it. Applies at a start. Default: false.
    /// </summary>
    [Id(7)]
    public bool IsOomKillDisabled { get; init; }
}

namespace OrleansWings.Hosts;

/// <summary>What a host's machine does, its servers and everything else on it together. Measured once a second.</summary>
[GenerateSerializer, Immutable, Alias("host-load")]
public sealed record HostLoad
{
    /// <summary>When, UTC, by the host's clock.</summary>
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>CPU since the measurement before, in % of one core: 250 is two and a half cores.</summary>
    [Id(1)]
    public double CpuPercent { get; init; }

    /// <summary>Memory that could not be given to anybody else, in bytes: without what the kernel can drop.</summary>
    [Id(2)]
    public long MemoryBytes { get; init; }

    /// <summary>What the disk of the servers' files has left for the program, in bytes.</summary>
    [Id(3)]
    public long DiskFreeBytes { get; init; }

    /// <summary>The servers' part of the CPU, in % of one core.</summary>
    [Id(4)]
    public double ServersCpuPercent { get; init; }

    /// <summary>The servers' part of the memory, in bytes.</summary>
    [Id(5)]
    public long ServersMemoryBytes { get; init; }
}

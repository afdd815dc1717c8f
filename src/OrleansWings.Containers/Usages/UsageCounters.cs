namespace OrleansWings.Containers.Usages;

/// <summary>Counters of one container at one moment, from whichever source. Rates come from two of them.</summary>
public sealed record UsageCounters
{
    public DateTimeOffset At { get; init; }

    /// <summary>CPU time used since the start, all cores together.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>Memory without the page cache that can be dropped: usage minus (total_)inactive_file.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>0 for none.</summary>
    public long MemoryLimitBytes { get; init; }

    public long NetworkRxBytes { get; init; }

    public long NetworkTxBytes { get; init; }

    /// <summary>Null where the kernel does not count it.</summary>
    public long? DiskReadBytes { get; init; }

    /// <summary>Null where the kernel does not count it.</summary>
    public long? DiskWriteBytes { get; init; }

    public long Processes { get; init; }
}

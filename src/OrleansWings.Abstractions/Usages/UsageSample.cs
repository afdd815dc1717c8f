namespace OrleansWings.Usages;

/// <summary>What a server used, measured about once a second. Totals count from the container's start.</summary>
[GenerateSerializer, Immutable, Alias("usage-sample")]
public sealed record UsageSample
{
    /// <summary>When, UTC.</summary>
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>CPU since the sample before, in % of one core: 250 is two and a half cores.</summary>
    [Id(1)]
    public double CpuPercent { get; init; }

    /// <summary>Memory without the page cache that can be dropped, in bytes.</summary>
    [Id(2)]
    public long MemoryBytes { get; init; }

    /// <summary>The memory limit in bytes; 0 for none.</summary>
    [Id(3)]
    public long MemoryLimitBytes { get; init; }

    /// <summary>Received over all interfaces but the loopback one, bytes in total.</summary>
    [Id(4)]
    public long NetworkRxBytes { get; init; }

    /// <summary>Sent over all interfaces but the loopback one, bytes in total.</summary>
    [Id(5)]
    public long NetworkTxBytes { get; init; }

    /// <summary>Read from disks, bytes in total.</summary>
    [Id(6)]
    public long DiskReadBytes { get; init; }

    /// <summary>Written to disks, bytes in total.</summary>
    [Id(7)]
    public long DiskWriteBytes { get; init; }

    /// <summary>Processes and threads.</summary>
    [Id(8)]
    public long Processes { get; init; }

    /// <summary>How long the process has run.</summary>
    [Id(9)]
    public TimeSpan Uptime { get; init; }

    /// <summary>Whether the host's kernel does not count what goes to disks: what is said of it here is then 0 and means nothing.</summary>
    [Id(10)]
    public bool IsDiskUncounted { get; init; }

    /// <summary>What its files take on the host's disk, in bytes, as last measured: every few seconds, with many files more seldom. Null before it was.</summary>
    [Id(11)]
    public long? FilesBytes { get; init; }

    /// <summary>What its files may take, in bytes; 0 for no limit.</summary>
    [Id(12)]
    public long FilesLimitBytes { get; init; }

    /// <summary>Whether some of its folders cannot be read or are nested too deep, so that what is in them is not in the number. A server with a limit is then not started again.</summary>
    [Id(13)]
    public bool AreFilesIncomplete { get; init; }
}

namespace OrleansWings.Hosts;

/// <summary>Whether a host can be worked with.</summary>
[GenerateSerializer, Alias("host-status")]
public enum HostStatus
{
    /// <summary>The host and its engine answer.</summary>
    Ready = 0,

    /// <summary>The host answers, its Docker engine does not.</summary>
    EngineUnreachable = 1,

    /// <summary>Nothing was heard of the host for three seconds or more.</summary>
    Silent = 2,

    /// <summary>Known, but not heard of since this picture's keeper started.</summary>
    Unknown = 3,

    /// <summary>Silent, and the cluster goes on without it: its machine is off, or cut off. Its servers wait for it.</summary>
    Lost = 4,
}

/// <summary>A picture of one host.</summary>
[GenerateSerializer, Immutable, Alias("host-snapshot")]
public sealed record HostSnapshot
{
    /// <summary>The host.</summary>
    [Id(0)]
    public required HostId Id { get; init; }

    /// <summary>Whether it can be worked with.</summary>
    [Id(1)]
    public HostStatus Status { get; init; }

    /// <summary>Since when, UTC.</summary>
    [Id(2)]
    public DateTimeOffset StatusSince { get; init; }

    /// <summary>The engine and its machine; null before they were first seen.</summary>
    [Id(3)]
    public HostFacts? Facts { get; init; }

    /// <summary>How many servers are assigned to it.</summary>
    [Id(4)]
    public int ServerCount { get; init; }

    /// <summary>What is wrong, in words; null when nothing is.</summary>
    [Id(5)]
    public string? Problem { get; init; }

    /// <summary>When it was last heard, UTC; null when this picture's keeper never heard it.</summary>
    [Id(20)]
    public DateTimeOffset? LastHeardAt { get; init; }

    /// <summary>
    /// How far the host's clock is ahead of the control silo's that hears it; less than zero when it is behind. Zero while they are within five
    /// seconds of each other, or nothing was heard yet. What the host's servers say of times is off by as much.
    /// </summary>
    [Id(9)]
    public TimeSpan ClockAhead { get; init; }

    /// <summary>What operators say of it; null from a program of an older version.</summary>
    [Id(6)]
    public HostSettings? Settings { get; init; }

    /// <summary>Since when an operator's removal of it is under way, UTC: nothing new comes here. When that is long ago, it was cut short, and is to be begun again.</summary>
    [Id(21)]
    public DateTimeOffset? RemovingSince { get; init; }

    /// <summary>What its machine does, as last measured; null before that, and while nothing is heard of it.</summary>
    [Id(7)]
    public HostLoad? Load { get; init; }

    /// <summary>How much of it is promised to servers; null before its machine is known.</summary>
    [Id(8)]
    public HostCapacity? Capacity { get; init; }
}

/// <summary>What a host says of its engine and its machine.</summary>
[GenerateSerializer, Immutable, Alias("host-facts")]
public sealed record HostFacts
{
    /// <summary>The engine's version: "28.5.1".</summary>
    [Id(0)]
    public required string EngineVersion { get; init; }

    /// <summary>The engine's newest API version: "1.51".</summary>
    [Id(1)]
    public required string ApiVersion { get; init; }

    /// <summary>The operating system, for people.</summary>
    [Id(2)]
    public required string OperatingSystem { get; init; }

    /// <summary>Cores.</summary>
    [Id(3)]
    public int Cores { get; init; }

    /// <summary>Memory in bytes.</summary>
    [Id(4)]
    public long MemoryBytes { get; init; }

    /// <summary>"1" or "2".</summary>
    [Id(5)]
    public required string CgroupVersion { get; init; }

    /// <summary>The disk that servers' files are on, in bytes; 0 when it is not known.</summary>
    [Id(6)]
    public long DiskBytes { get; init; }

    /// <summary>The address or name that players of its servers connect to, without a port, as its operator set it; null when nobody did.</summary>
    [Id(7)]
    public string? PublicAddress { get; init; }

    /// <summary>The address at which the fleet's other machines reach it; null of one machine alone, or an address that is only its own.</summary>
    [Id(8)]
    public string? Address { get; init; }
}

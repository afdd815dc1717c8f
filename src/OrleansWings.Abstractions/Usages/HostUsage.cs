using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Usages;

/// <summary>One message per host and second on the usage stream; three missed ones mean a silent host.</summary>
[GenerateSerializer, Immutable, Alias("host-usage")]
public sealed record HostUsage
{
    /// <summary>The host.</summary>
    [Id(0)]
    public required HostId Host { get; init; }

    /// <summary>When, UTC, by the host's clock.</summary>
    [Id(1)]
    public DateTimeOffset At { get; init; }

    /// <summary>Changes when the host's program starts anew.</summary>
    [Id(2)]
    public Guid Incarnation { get; init; }

    /// <summary>Whether the Docker engine answers.</summary>
    [Id(3)]
    public bool IsEngineReachable { get; init; }

    /// <summary>Every server of the host whose process runs, with what it used.</summary>
    [Id(4)]
    public ImmutableArray<ServerUsage> Servers { get; init; } = [];

    /// <summary>How many servers the host has, and the sum of their snapshots' revisions: a listener that counts otherwise missed something.</summary>
    [Id(5)]
    public int ServerCount { get; init; }

    /// <summary>See <see cref="ServerCount"/>.</summary>
    [Id(6)]
    public long RevisionSum { get; init; }

    /// <summary>The whole machine; null when it could not be measured.</summary>
    [Id(7)]
    public HostLoad? Load { get; init; }
}

/// <summary>One server's sample in a host's message.</summary>
/// <param name="Server">The server.</param>
/// <param name="Sample">What it used.</param>
[GenerateSerializer, Immutable, Alias("server-usage")]
public sealed record ServerUsage([property: Id(0)] ServerId Server, [property: Id(1)] UsageSample Sample);

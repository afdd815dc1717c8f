using System.Collections.Immutable;
using OrleansWings.Allocations;

namespace OrleansWings.Hosts;

/// <summary>What operators say of a host; kept by the cluster, whether the host is there or not.</summary>
[GenerateSerializer, Immutable, Alias("host-settings")]
public sealed record HostSettings
{
    /// <summary>key=value, for servers that ask for them. Default: none.</summary>
    [Id(0)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Set while no new server may come here; what runs goes on. Default: null.</summary>
    [Id(1)]
    public HostMaintenance? Maintenance { get; init; }

    /// <summary>How much more may be promised than there is.</summary>
    [Id(2)]
    public OverCommit OverCommit { get; init; } = new();

    /// <summary>The ports that servers are given, in order of address and port. Default: none, every port may be asked for by its number.</summary>
    [Id(3)]
    public ImmutableArray<AllocationPool> Pools { get; init; } = [];
}

/// <summary>A host that is being worked on.</summary>
/// <param name="Note">Why, for the other operators; may be empty.</param>
/// <param name="Since">Since when, UTC.</param>
[GenerateSerializer, Immutable, Alias("host-maintenance")]
public sealed record HostMaintenance([property: Id(0)] string Note, [property: Id(1)] DateTimeOffset Since);

/// <summary>What is promised to servers may be this many times of what the host has: 0.1 to 20.</summary>
[GenerateSerializer, Immutable, Alias("over-commit")]
public sealed record OverCommit
{
    /// <summary>Of memory. Default: 1.</summary>
    [Id(0)]
    public double Memory { get; init; } = 1;

    /// <summary>Of CPU. Default: 2, as games idle most of the time.</summary>
    [Id(1)]
    public double Cpu { get; init; } = 2;

    /// <summary>Of disk. Default: 1.</summary>
    [Id(2)]
    public double Disk { get; init; } = 1;
}

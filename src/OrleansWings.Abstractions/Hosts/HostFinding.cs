using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>What is not as it should be on a host.</summary>
[GenerateSerializer, Alias("host-finding-kind")]
public enum HostFindingKind
{
    /// <summary>A container of one of its servers that runs although a later run, or a later assignment, has taken its place.</summary>
    StaleContainer,

    /// <summary>A further container of a server beside its present one; it does not run.</summary>
    DoubledContainer,

    /// <summary>A container of this installation whose server nobody here knows. It is left alone: a person adopts or removes it.</summary>
    OrphanedContainer,

    /// <summary>The servers' network is gone.</summary>
    MissingNetwork,

    /// <summary>Somebody changed a running container's limits outside of OrleansWings.</summary>
    ChangedLimits,

    /// <summary>The servers' network has another subnet or packet size than the host's settings say. It is used as it is: servers may be on it.</summary>
    OtherNetwork,
}

/// <summary>Something that is not as it should be on a host, and what was done about it.</summary>
[GenerateSerializer, Immutable, Alias("host-finding")]
public sealed record HostFinding
{
    /// <summary>What it is.</summary>
    [Id(0)]
    public HostFindingKind Kind { get; init; }

    /// <summary>In a sentence, naming the container or network.</summary>
    [Id(1)]
    public string Text { get; init; } = "";

    /// <summary>The server that it is about; null for none.</summary>
    [Id(2)]
    public ServerId? Server { get; init; }

    /// <summary>What was done, or why nothing was, in a sentence; empty when it was only looked.</summary>
    [Id(3)]
    public string Outcome { get; init; } = "";

    /// <summary>The id of the container that it is about; "" for none. An orphaned one is adopted or removed by it.</summary>
    [Id(4)]
    public string Container { get; init; } = "";
}

/// <summary>What a look at a host found.</summary>
/// <param name="Findings">What is not as it should be; empty when all is well.</param>
/// <param name="Problem">Why it could not be looked, in a sentence; null when it could.</param>
[GenerateSerializer, Immutable, Alias("host-check")]
public sealed record HostCheck(
    [property: Id(0)] ImmutableArray<HostFinding> Findings, [property: Id(1)] string? Problem = null);

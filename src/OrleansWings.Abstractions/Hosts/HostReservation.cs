using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>What a server asks of its host.</summary>
[GenerateSerializer, Immutable, Alias("host-reservation")]
public sealed record HostReservation
{
    /// <summary>The server.</summary>
    [Id(0)]
    public required ServerId Server { get; init; }

    /// <summary>Its name, for the message to whoever wants its ports.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The ports it names; what it held before and is not among them is freed.</summary>
    [Id(2)]
    public ImmutableArray<Allocation> Ports { get; init; } = [];

    /// <summary>What it may use.</summary>
    [Id(3)]
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Whether it comes here now: a host in maintenance takes none.</summary>
    [Id(4)]
    public bool IsNew { get; init; }

    /// <summary>Whether this only takes back a change that could not be stored: what the server had is never refused.</summary>
    [Id(5)]
    public bool IsUndo { get; init; }

    /// <summary>How many ports it wants in all: those it does not name are given from the pools.</summary>
    [Id(6)]
    public int PortCount { get; init; }

    /// <summary>Whether it comes back from a deletion: the ports it names were its own, wherever they are, and those that were
    /// given to it may be others by now.</summary>
    [Id(7)]
    public bool IsReturning { get; init; }

    /// <summary>Whether it comes from another host with the ports it had there: of a server that was given some, those that it cannot have here are
    /// replaced.</summary>
    [Id(8)]
    public bool IsMoving { get; init; }
}

/// <summary>A host that a server may go to.</summary>
/// <param name="Host">The host.</param>
/// <param name="PortFaults">Which of the ports it cannot have there, and why; empty when it can have all.</param>
[GenerateSerializer, Immutable, Alias("host-candidate")]
public sealed record HostCandidate([property: Id(0)] HostSnapshot Host, [property: Id(1)] ImmutableArray<SpecFault> PortFaults);

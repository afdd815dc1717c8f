using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Fleets;

/// <summary>A step of the live picture of the fleet: first everything, then what changed, about once a second or when a state changes.</summary>
[GenerateSerializer, Immutable, Alias("fleet-update")]
public sealed record FleetUpdate
{
    /// <summary>Whether this is everything: what is not in it is gone.</summary>
    [Id(0)]
    public bool IsSnapshot { get; init; }

    /// <summary>New and changed servers.</summary>
    [Id(1)]
    public ImmutableArray<ServerListing> Servers { get; init; } = [];

    /// <summary>Servers that are gone.</summary>
    [Id(2)]
    public ImmutableArray<ServerId> Removed { get; init; } = [];

    /// <summary>New and changed hosts.</summary>
    [Id(3)]
    public ImmutableArray<HostSnapshot> Hosts { get; init; } = [];

    /// <summary>Hosts that were removed from the fleet, with all their servers.</summary>
    [Id(4)]
    public ImmutableArray<HostId> RemovedHosts { get; init; } = [];

    /// <summary>Whether these are all servers of the host that says it: what else was known of it is gone, also when the word of that was lost.</summary>
    [Id(5)]
    public bool IsComplete { get; init; }

    /// <summary>
    /// What happened to servers since the step before, in each server's order: changes of state, ends of processes, pulls, notices. Without the console's
    /// last lines, which <see cref="IServer.ReadEventsAsync"/> has. Not in the first step. Said once, to whoever listens: what was missed is in the history.
    /// </summary>
    [Id(6)]
    public ImmutableArray<ServerHappening> Happened { get; init; } = [];
}

/// <summary>A server as a list shows it.</summary>
/// <param name="Snapshot">The server.</param>
/// <param name="Usage">What it uses; null while its process does not run.</param>
[GenerateSerializer, Immutable, Alias("server-listing")]
public sealed record ServerListing([property: Id(0)] ServerSnapshot Snapshot, [property: Id(1)] UsageSample? Usage);

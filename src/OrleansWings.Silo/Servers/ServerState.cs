using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// What a host keeps about one server in its ledger: the wish as last told, and where its process stands. Immutable;
/// <see cref="PowerStateMachine"/> makes the next one.
/// </summary>
public sealed record ServerState
{
    /// <summary>The form of the stored text; <see cref="HostLedger"/> upgrades older ones.</summary>
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    public required ServerAssignment Assignment { get; init; }

    /// <summary>The version of the spec that the present or last container was made of.</summary>
    public long AppliedVersion { get; init; }

    /// <summary>The ports of that spec; null in what an older version wrote.</summary>
    public ImmutableArray<Allocation>? AppliedPorts { get; init; }

    /// <summary>What the process has mounted beside its own folder; null before the first start.</summary>
    public ImmutableArray<MountSpec>? AppliedMounts { get; init; }

    /// <summary>The done-lines of that spec: what the process that starts is to say. Null in what an older version wrote.</summary>
    public ImmutableArray<string>? AppliedDoneLines { get; init; }

    /// <summary><see cref="ServerContainer.Hash"/> of that spec; "" when it is not known, null in what an older version wrote.</summary>
    public string? AppliedSpec { get; init; }

    /// <summary><see cref="SpecParts.Of"/> that spec; null when it is not known.</summary>
    public ImmutableSortedDictionary<string, string>? AppliedParts { get; init; }

    /// <summary>The limits that are in force on the container; null when they are not known, and then they are left alone.</summary>
    public ServerLimits? AppliedLimits { get; init; }

    /// <summary>What the process was told of its memory when it started, in MiB: its environment cannot be changed.</summary>
    public long ToldMemoryMiB { get; init; }

    /// <summary>Why new limits could not be set on the running container; null when they could, or none were wished.</summary>
    public string? LimitProblem { get; init; }

    public PowerState Power { get; init; }

    public DateTimeOffset PowerSince { get; init; }

    /// <summary>Whether the present stop is followed by a start.</summary>
    public bool IsRestarting { get; init; }

    /// <summary>Whether the present stop is a kill.</summary>
    public bool IsKilling { get; init; }

    public int Run { get; init; }

    /// <summary>When the process of this run started; null before it did and after it ended.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>On which engine it was started (<see cref="Containers.Engines.EngineFacts.Id"/>); null when that is not known.</summary>
    public string? Engine { get; init; }

    /// <summary>When a stop that is under way turns into a kill.</summary>
    public DateTimeOffset? StopDeadline { get; init; }

    public ServerProblem? Problem { get; init; }

    public ServerExit? LastExit { get; init; }

    /// <summary>When a crash was last answered with a restart.</summary>
    public DateTimeOffset? LastCrashRestart { get; init; }

    /// <summary>Rises with each change.</summary>
    public long Revision { get; init; }

    /// <summary>The version of the wish whose deletion was carried out: container gone, files in the trash.</summary>
    public long DeletedVersion { get; init; }

    public bool IsDeleted => Assignment.DeletedAt is not null;

    /// <summary>What says that the present start is over: of the spec that it was begun with, whatever was changed since.</summary>
    [JsonIgnore]
    public ImmutableArray<string> DoneLines => AppliedDoneLines ?? Assignment.Spec.DoneLines;

    public bool HasProcess => StartedAt is not null;

    /// <summary>Whether there is or shall be a process: not after a stop, a kill or an end that is not answered with a restart.</summary>
    public bool IsWanted => Power is PowerState.Starting or PowerState.Running || IsRestarting;
}

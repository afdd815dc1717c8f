using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>A picture of one server at one moment. A state that is not confirmed says so: see <see cref="IsReachable"/>.</summary>
[GenerateSerializer, Immutable, Alias("server-snapshot")]
public sealed record ServerSnapshot
{
    /// <summary>The server.</summary>
    [Id(0)]
    public required ServerId Id { get; init; }

    /// <summary>The name people see.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The host it is assigned to.</summary>
    [Id(2)]
    public required HostId Host { get; init; }

    /// <summary>What the process does, as far as is known at <see cref="AsOf"/>.</summary>
    [Id(3)]
    public PowerState State { get; init; }

    /// <summary>When the state was entered, UTC.</summary>
    [Id(4)]
    public DateTimeOffset StateSince { get; init; }

    /// <summary>The number of the present or last run; 0 before the first start. Console lines are numbered per run.</summary>
    [Id(5)]
    public int Run { get; init; }

    /// <summary>When the present process started, UTC; null when none runs.</summary>
    [Id(6)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What is going on besides the state, in words ("Pulling image: 40 %"); null when nothing is.</summary>
    [Id(7)]
    public string? Activity { get; init; }

    /// <summary>How far <see cref="Activity"/> is, 0 to 1; null when that is not known.</summary>
    [Id(8)]
    public double? Progress { get; init; }

    /// <summary>
    /// What went wrong last. A restart after a crash leaves it, so that a person sees why there was one; null once somebody
    /// has started the server anew.
    /// </summary>
    [Id(9)]
    public ServerProblem? Problem { get; init; }

    /// <summary>How the last process ended; null before the first end.</summary>
    [Id(10)]
    public ServerExit? LastExit { get; init; }

    /// <summary>The newest version of the spec.</summary>
    [Id(11)]
    public long SpecVersion { get; init; }

    /// <summary>
    /// Whether a change of what the container is made of waits for the next start: see <see cref="Waiting"/>. Name, stop rule, restart after a
    /// crash and start priority apply at once, limits within seconds as far as a running container's can be changed.
    /// </summary>
    [Id(12)]
    public bool IsSpecPending { get; init; }

    /// <summary>The ports at which it is reached, those of its process while there is one; the first is the primary one.</summary>
    [Id(13)]
    public ImmutableArray<Allocation> Ports { get; init; } = [];

    /// <summary>When this picture was true, UTC.</summary>
    [Id(14)]
    public DateTimeOffset AsOf { get; init; }

    /// <summary>False when the host or its engine does not answer: the state is then the last one known.</summary>
    [Id(15)]
    public bool IsReachable { get; init; } = true;

    /// <summary>
    /// Rises with every change on the host; of two pictures of one epoch the higher is the newer. Each start of the host's
    /// program begins at its clock (milliseconds since 1970), so that it is higher also when the host's ledger was lost.
    /// </summary>
    [Id(16)]
    public long Revision { get; init; }

    /// <summary>Whether it is deleted or being deleted.</summary>
    [Id(17)]
    public bool IsDeleted { get; init; }

    /// <summary>Rises each time the server is assigned to a host.</summary>
    [Id(18)]
    public long Epoch { get; init; }

    /// <summary>Whether a restart is under way: the present stop will be followed by a start.</summary>
    [Id(19)]
    public bool IsRestarting { get; init; }

    /// <summary>Whether its host has it and the cluster's store knows nothing of it: it goes on, and waits to be adopted or removed.</summary>
    [Id(40)]
    public bool IsUnclaimed { get; init; }

    /// <summary>Whether somebody has paused its container outside of OrleansWings: the process stands still, and reads what is sent when it goes on.</summary>
    [Id(41)]
    public bool IsPaused { get; init; }

    /// <summary>What waits for the next start, each in a word or two ("image", "memory"). Empty when nothing does, or when only that something does is known.</summary>
    [Id(42)]
    public ImmutableArray<string> Waiting { get; init; } = [];

    /// <summary>Why a wished limit is not in force although the server runs, in a sentence or two: refused by the engine, or unknown to the host's kernel. Null when all are.</summary>
    [Id(43)]
    public string? LimitProblem { get; init; }

    /// <summary>What its files took on the host's disk when they were last measured, in bytes; null before they were. The usage samples of a running server have newer numbers.</summary>
    [Id(44)]
    public long? FilesBytes { get; init; }

    /// <summary>What its files may take, in bytes; 0 for no limit. At 90 % it is warned on its console, at 100 % it is stopped.</summary>
    [Id(45)]
    public long FilesLimitBytes { get; init; }

    /// <summary>While its image is pulled: the image's layers as far as they are known, in the order in which they were first told. Empty otherwise.</summary>
    [Id(46)]
    public ImmutableArray<PullLayer> PullLayers { get; init; } = [];
}

/// <summary>What went wrong, in plain words.</summary>
/// <param name="Message">A sentence or two: what happened and what can be done.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("server-problem")]
public sealed record ServerProblem([property: Id(0)] string Message, [property: Id(1)] DateTimeOffset At)
{
    /// <summary>Whether the platform stopped the server for it: then it still explains why the server is offline, though the stop was orderly.</summary>
    [Id(2)]
    public bool IsStopReason { get; init; }
}

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code; above 128 it is 128 plus the signal's number. -1 when nobody knows (the container was removed by a stranger).</param>
/// <param name="IsOutOfMemory">Whether the kernel ended one of its processes for want of memory: with code 137 it was the first, unless a kill was asked for.</param>
/// <param name="At">When, UTC.</param>
/// <param name="WasAskedFor">Whether a stop, restart, kill or delete had been asked for.</param>
[GenerateSerializer, Immutable, Alias("server-exit")]
public sealed record ServerExit(
    [property: Id(0)] int Code,
    [property: Id(1)] bool IsOutOfMemory,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] bool WasAskedFor);

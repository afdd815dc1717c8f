using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>Everything that can change where a server's process stands.</summary>
public abstract record PowerInput
{
    /// <summary>Somebody asked.</summary>
    /// <param name="Action">For what.</param>
    /// <param name="Run">Only while it is in this run; null for in any.</param>
    public sealed record Requested(PowerAction Action, int? Run = null) : PowerInput;

    /// <summary>The record's wish arrived.</summary>
    public sealed record Assigned(ServerAssignment Assignment) : PowerInput;

    /// <summary>A line was sent to the console that is the spec's own stop command.</summary>
    public sealed record StopCommandTyped : PowerInput;

    /// <summary>The container of a run has started, or was found running.</summary>
    public sealed record Started(int Run, DateTimeOffset At) : PowerInput
    {
        /// <summary>On which engine; null when that is not known.</summary>
        public string? Engine { get; init; }
    }

    /// <summary>The server's container is of a later run than the ledger knows: the ledger is an older copy.</summary>
    /// <param name="Run">The container's.</param>
    /// <param name="StartedAt">Since when it runs; null when it does not.</param>
    /// <param name="IsOfSpec">Whether it was made of the spec that is wished now.</param>
    public sealed record LaterRunFound(int Run, DateTimeOffset? StartedAt, bool IsOfSpec) : PowerInput;

    /// <summary>The steps of a start ended without a process.</summary>
    /// <param name="Run">Of which run.</param>
    /// <param name="Problem">Why; null when the start was called off.</param>
    public sealed record StartEnded(int Run, string? Problem) : PowerInput;

    /// <summary>A console line said that the server is up.</summary>
    public sealed record DoneLineSeen(int Run) : PowerInput;

    /// <summary>The process is gone. Never posted on anything less than the engine's word.</summary>
    /// <param name="Run">Of which run.</param>
    /// <param name="Exit">How; null when the container is gone and nobody knows.</param>
    /// <param name="WasUnattended">Whether it ended while this program, or the engine, was away.</param>
    public sealed record Exited(int Run, ContainerExit? Exit, bool WasUnattended) : PowerInput
    {
        /// <summary>Whether the engine that says so is another one than that on which it was started: there it may run still.</summary>
        public bool IsOtherEngine { get; init; }
    }

    /// <summary>New limits were set on the running container, or refused.</summary>
    /// <param name="Run">Of which run.</param>
    /// <param name="InForce">What it has now.</param>
    /// <param name="Problem">What could not be set and why, a sentence; null when all was that can be.</param>
    public sealed record LimitsUpdated(int Run, ServerLimits InForce, string? Problem) : PowerInput;

    /// <summary>The server's files have reached its disk limit.</summary>
    /// <param name="Run">The run whose process may be writing them.</param>
    /// <param name="Problem">How much they take, a sentence.</param>
    public sealed record DiskFull(int Run, string Problem) : PowerInput;

    /// <summary>The grace period of a stop may be over.</summary>
    public sealed record DeadlineReached : PowerInput;

    /// <summary>The program started and has looked at the world: what was under way goes on.</summary>
    public sealed record Resumed : PowerInput;

    /// <summary>A deletion was carried out.</summary>
    public sealed record DeletionDone(long Version) : PowerInput;

    /// <summary>A deletion or its undoing failed; it is tried again.</summary>
    public sealed record DeletionFailed(string Problem) : PowerInput;
}

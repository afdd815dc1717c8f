using OrleansWings.Jobs;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Jobs;

/// <summary>What the cluster's store keeps about a job.</summary>
internal sealed record JobRecord : IStoredState
{
    public int Schema { get; set; } = 1;

    /// <summary>What was asked, without the list of servers, which the steps have; null when there is no such job.</summary>
    public JobRequest? Request { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Whether somebody has called it off.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>How long it has waited for players alone. Counted, as a machine's clock is set now and then.</summary>
    public TimeSpan WaitedForPlayers { get; set; }

    /// <summary>When nothing was left to do, UTC; null before.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The job that tries again what failed in this one; null when none does.</summary>
    public Guid? RetriedBy { get; set; }

    /// <summary>The job that undoes this one; null when none does.</summary>
    public Guid? UndoneBy { get; set; }

    /// <summary>Its servers, in the order of their turns.</summary>
    public List<JobStep> Steps { get; set; } = [];
}

/// <summary>What the cluster's store keeps about which jobs there are.</summary>
internal sealed class JobBookRecord : IStoredState
{
    public int Schema { get; set; } = 1;

    /// <summary>Every job that is kept, the oldest first.</summary>
    public List<JobEntry> Jobs { get; set; } = [];
}

/// <summary>A job that is kept.</summary>
/// <param name="Id">The job.</param>
/// <param name="IsOver">Whether nothing of it is left to do.</param>
internal sealed record JobEntry(Guid Id, bool IsOver);

using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>One job of the fleet. What panel code and the dashboard use.</summary>
/// <remarks>A job is kept by the fleet: it goes on, whatever becomes of the process that asked for it, and whichever control process dies.</remarks>
public interface IJob
{
    /// <summary>The job.</summary>
    JobId Id { get; }

    /// <summary>How it stands; null when there is no such job, or it was one of long ago.</summary>
    /// <exception cref="Fleets.StoreUnreachableException">The cluster's store does not answer.</exception>
    Task<JobSnapshot?> GetSnapshotAsync();

    /// <summary>Its servers, in the order of their turns.</summary>
    /// <param name="only">Only those in this state; null for all.</param>
    /// <param name="skip">How many of those are left out at the beginning, 0 or more.</param>
    /// <param name="count">How many at most, 1 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that cannot be.</exception>
    Task<ImmutableArray<JobStepSnapshot>> ReadStepsAsync(JobStepState? only = null, int skip = 0, int count = 200);

    /// <summary>Begins no further server. Those that are on their way go on to their end.</summary>
    Task<ServerResult> CancelAsync();

    /// <summary>Makes a new job for the servers that failed or whose turn did not come. Refused before this one is over.</summary>
    /// <param name="id">The new job's id, so that a repetition cannot double; null for a new one.</param>
    /// <param name="by">Who asks, for people.</param>
    Task<ServerResult> RetryAsync(JobId? id = null, string by = "");

    /// <summary>
    /// Makes a new job that starts the servers which this one has stopped; of a drained host it ends the maintenance first. Refused of a job that
    /// stopped nothing, and before it is over.
    /// </summary>
    /// <param name="id">The new job's id, so that a repetition cannot double; null for a new one.</param>
    /// <param name="by">Who asks, for people.</param>
    Task<ServerResult> UndoAsync(JobId? id = null, string by = "");
}

using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>One job; lives on a control silo, and goes on on another when that one dies. Key: the job's id.</summary>
[Alias("job")]
public interface IJobGrain : IGrainWithGuidKey
{
    /// <summary>Makes the job and begins it.</summary>
    /// <param name="plan">What it does, and for whom.</param>
    /// <returns>Accepted also when the same job was made before, so that a retry cannot double.</returns>
    [Alias("create"), ResponseTimeout("00:00:20")]
    Task<ServerResult> CreateAsync(JobPlan plan);

    /// <summary>How it stands; null when there is no such job.</summary>
    [Alias("snapshot")]
    Task<JobSnapshot?> GetSnapshotAsync();

    /// <summary>Its servers, in the order of their turns.</summary>
    /// <param name="only">Only those in this state; null for all.</param>
    /// <param name="skip">How many are left out at the beginning.</param>
    /// <param name="count">How many at most.</param>
    [Alias("steps")]
    Task<ImmutableArray<JobStepSnapshot>> ReadStepsAsync(JobStepState? only, int skip, int count);

    /// <summary>Begins no further server.</summary>
    [Alias("cancel"), ResponseTimeout("00:00:10")]
    Task<ServerResult> CancelAsync();

    /// <summary>Which of these servers are still to come, or on their way, in this job.</summary>
    /// <param name="servers">The servers.</param>
    [Alias("find-open")]
    Task<ImmutableArray<ServerId>> FindOpenAsync(ImmutableArray<ServerId> servers);

    /// <summary>Wakes the job where a silo that died had it; says its book when it is over or was never made.</summary>
    [Alias("wake"), OneWay]
    Task WakeAsync();

    /// <summary>Another job was made of this one.</summary>
    /// <param name="next">The other.</param>
    /// <param name="isUndo">Whether it undoes this one; else it tries again what failed.</param>
    [Alias("followed")]
    Task OnFollowedAsync(JobId next, bool isUndo);

    /// <summary>Forgets a job that is over.</summary>
    [Alias("forget")]
    Task ForgetAsync();
}

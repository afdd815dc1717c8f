using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>The facade over a job's grain.</summary>
internal sealed class JobClient(IGrainFactory grains, IFleet fleet, JobId id) : IJob
{
    private const int StepsAtOnce = 1_000;

    private readonly IJobGrain _job = grains.GetGrain<IJobGrain>(id.Value);

    public JobId Id => id;

    public Task<JobSnapshot?> GetSnapshotAsync() => GrainReads.ReadAsync(_job.GetSnapshotAsync);

    public Task<ImmutableArray<JobStepSnapshot>> ReadStepsAsync(JobStepState? only = null, int skip = 0, int count = 200)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, StepsAtOnce);
        return GrainReads.ReadAsync(() => _job.ReadStepsAsync(only, skip, count));
    }

    public Task<ServerResult> CancelAsync() => GrainCalls.GuardAsync(_job.CancelAsync);

    public Task<ServerResult> RetryAsync(JobId? id = null, string by = "") => GrainCalls.GuardAsync(() => FollowAsync(
        id,
        job => job.RetriedBy,
        "Every server of the job is as it was wanted: there is nothing to try again.",
        [JobStepState.Failed, JobStepState.Cancelled],
        job => job.Request with { By = by, NotBefore = null, NotAfter = null, Retries = Id, Undoes = null, Title = Again(job.Request.Title) }));

    public Task<ServerResult> UndoAsync(JobId? id = null, string by = "") => GrainCalls.GuardAsync(async () =>
    {
        // The servers first: with the maintenance over and no server started, half of it would be done and the rest refused.
        var started = await FollowAsync(
            id,
            job => job.UndoneBy,
            "The job has stopped no server: there is nothing to undo.",
            [JobStepState.Done],
            job => job.Request.Action is not (PowerAction.Stop or PowerAction.Kill) ? null
                : job.Request with
                {
                    Action = PowerAction.Start,
                    Pace = job.Request.Pace with { MaxWaitForPlayers = TimeSpan.Zero },
                    By = by,
                    NotBefore = null,
                    NotAfter = null,
                    DrainedHost = null,
                    Undoes = Id,
                    Retries = null,
                    Title = job.Request.DrainedHost is { } host ? $"Start what was stopped on {host}" : "",
                });
        var drained = (await _job.GetSnapshotAsync())?.Request.DrainedHost;
        if (drained is not { } host || !(started.IsAccepted || started.Refusal == ServerRefusal.NothingSelected))
            return started;
        var ended = await fleet.GetHost(host).EndMaintenanceAsync();
        return !started.IsAccepted ? ended
            : ended.IsAccepted ? started with { Message = $"{started.Message} {ended.Message}" }
            : started with { Message = $"{started.Message} The maintenance of {host} goes on: {ended.Message}" };
    });

    private async Task<ServerResult> FollowAsync(JobId? newId, Func<JobSnapshot, JobId?> follower, string nothing, JobStepState[] states, Func<JobSnapshot, JobRequest?> change)
    {
        if (await _job.GetSnapshotAsync() is not { } job)
            return ServerResult.Refused(ServerRefusal.NotFound, $"There is no job {Id}, or it was one of long ago.");
        if (!job.IsOver)
            return ServerResult.Refused(ServerRefusal.JobNotOver, "The job is not over yet: cancel it, or wait for its end.");
        if (follower(job) is { } done && done != newId)
            return ServerResult.Refused(ServerRefusal.JobIsOver, "That was done before, by another job.") with { Job = done };
        if (change(job) is not { } request)
            return ServerResult.Refused(ServerRefusal.NothingSelected, nothing);
        var servers = new List<ServerId>();
        foreach (var state in states)
            servers.AddRange(await ReadServersAsync(state));
        return servers.Count == 0 ? ServerResult.Refused(ServerRefusal.NothingSelected, nothing)
            : await fleet.CreateJobAsync(request with { Selection = new ServerSelection { Servers = [.. servers] } }, newId);
    }

    private async Task<List<ServerId>> ReadServersAsync(JobStepState state)
    {
        var servers = new List<ServerId>();
        ImmutableArray<JobStepSnapshot> some;
        do
        {
            some = await _job.ReadStepsAsync(state, servers.Count, StepsAtOnce);
            servers.AddRange(some.Select(step => step.Server));
        }
        while (some.Length == StepsAtOnce);

        return servers;
    }

    private static string Again(string title) => title.Length is 0 or > 70 || title.EndsWith(" (again)", StringComparison.Ordinal) ? title : $"{title} (again)";
}

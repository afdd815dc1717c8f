using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>A job that does nothing by itself: whoever uses it says how each server goes.</summary>
public sealed class FakeJob(IFleet fleet, JobId id, JobRequest request, IEnumerable<ServerSnapshot> servers, TimeProvider time) : IJob
{
    private readonly DateTimeOffset _createdAt = time.GetUtcNow();
    private JobStepSnapshot[] _steps = [.. servers.Select(server => new JobStepSnapshot(server.Id, server.Name, server.Host, JobStepState.Waiting, null, null, ""))];
    private bool _isCancelled;

    public JobId Id => id;

    /// <summary>Thrown in place of every answer; null for the answer.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Whether there is no such job.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Says how a server goes.</summary>
    public void Enter(string name, JobStepState state, string message = "")
    {
        var now = time.GetUtcNow();
        _steps = [.. _steps.Select(step => step.Name == name ? step with { State = state, Message = message, BegunAt = step.BegunAt ?? now, EndedAt = state == JobStepState.UnderWay ? null : now } : step)];
    }

    public Task<JobSnapshot?> GetSnapshotAsync() => Fault is null ? Task.FromResult<JobSnapshot?>(IsMissing ? null : Snapshot) : Task.FromException<JobSnapshot?>(Fault);

    public Task<ImmutableArray<JobStepSnapshot>> ReadStepsAsync(JobStepState? only = null, int skip = 0, int count = 200)
        => Task.FromResult(_steps.Where(step => only is null || step.State == only).Skip(skip).Take(count).ToImmutableArray());

    public Task<ServerResult> CancelAsync()
    {
        _isCancelled = true;
        foreach (var waiting in _steps.Where(step => step.State == JobStepState.Waiting))
            Enter(waiting.Name, JobStepState.Cancelled, "The job was cancelled.");
        return Task.FromResult(ServerResult.Accepted("The job is cancelled."));
    }

    public Task<ServerResult> RetryAsync(JobId? id = null, string by = "") => AgainAsync([JobStepState.Failed, JobStepState.Cancelled], request with { By = by }, id);

    public Task<ServerResult> UndoAsync(JobId? id = null, string by = "") => AgainAsync([JobStepState.Done], request with { By = by, Action = PowerAction.Start }, id);

    /// <summary>Whether a server is to come or on its way.</summary>
    public bool IsOpen(ServerId server) => Array.Exists(_steps, step => step.Server == server && step.State is JobStepState.Waiting or JobStepState.UnderWay);

    private Task<ServerResult> AgainAsync(JobStepState[] states, JobRequest again, JobId? id)
        => fleet.CreateJobAsync(again with { Selection = new ServerSelection { Servers = [.. _steps.Where(step => states.Contains(step.State)).Select(step => step.Server)] } }, id);

    private JobSnapshot Snapshot
    {
        get
        {
            var isOver = Array.TrueForAll(_steps, step => step.State is not (JobStepState.Waiting or JobStepState.UnderWay));
            return new JobSnapshot
            {
                Id = id,
                Request = request,
                CreatedAt = _createdAt,
                EndedAt = isOver ? time.GetUtcNow() : null,
                State = isOver ? _isCancelled ? JobState.Stopped : JobState.Done : _isCancelled ? JobState.Ending : JobState.UnderWay,
                StopReason = _isCancelled ? "The job was cancelled." : null,
                Counts = _steps.CountBy(step => step.State).ToImmutableSortedDictionary(),
            };
        }
    }
}

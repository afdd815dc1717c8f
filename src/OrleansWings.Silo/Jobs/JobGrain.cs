using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Jobs;

/// <summary>
/// One job. Once a second it looks at the servers that are under way, writes down what has become of them and whom it asks next, and then asks
/// (<c>JobGrain.Steps.cs</c>). What cannot be written is not asked: the activation goes, and the keeper wakes the job anew, from what is stored.
/// </summary>
[GrainType("job"), HashBasedPlacement, Reentrant]
internal sealed partial class JobGrain(
    [PersistentState("job", WingsStore.Name)] IPersistentState<JobRecord> record, IFleet fleet, TimeProvider time, ILogger<JobGrain> logger) : Grain, IJobGrain
{
    private readonly SemaphoreSlim _writing = new(1);
    private bool _isMaking;

    private JobId Id => new(this.GetPrimaryKey());

    private JobRecord Job => record.State;

    private IJobBookGrain Book => GrainFactory.GetGrain<IJobBookGrain>(0);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Stored();
        if (Job is { Request: not null, EndedAt: null })
            GoOn();
        return Task.CompletedTask;
    }

    public async Task<ServerResult> CreateAsync(JobPlan plan)
    {
        plan = plan with { Request = plan.Request.Normalize() };
        if (JobRequestValidator.Check(plan.Request) is { IsEmpty: false } faults)
            return ServerResult.Invalid(faults);
        if (plan.Servers.IsDefault || plan.Servers.Length is 0 or > JobRequestValidator.MaxServers || plan.Servers.DistinctBy(server => server.Id).Count() != plan.Servers.Length)
            return ServerResult.Refused(ServerRefusal.Invalid, $"A job is for 1 to {JobRequestValidator.MaxServers:N0} servers, each once.");
        await _writing.WaitAsync();
        _isMaking = true;
        try
        {
            if (Job.Request is { } made)
                return made.IsSame(plan.Request) && AreOurs(plan) ? Made() : ServerResult.Refused(ServerRefusal.AlreadyExists, $"There is another job with the id {Id}.");
            if (plan.Request.NotAfter is { } end && end <= time.GetUtcNow())
                return ServerResult.Invalid([new SpecFault(nameof(JobRequest.NotAfter), $"Its time was over already at {end:u}.")]);
            var entered = await Book.EnterAsync(Id, [.. plan.Servers.Select(server => server.Id)]);
            _isEntered = entered.IsAccepted;
            return entered.IsAccepted ? await MakeAsync(plan) : entered;
        }
        finally
        {
            _isMaking = false;
            _writing.Release();
        }
    }

    public Task<JobSnapshot?> GetSnapshotAsync() => Task.FromResult(Job.Request is null ? null : Snapshot(time.GetUtcNow()));

    public Task<ImmutableArray<JobStepSnapshot>> ReadStepsAsync(JobStepState? only, int skip, int count)
        => Task.FromResult(Job.Steps.Where(step => only is null || step.State == only).Skip(skip).Take(count)
            .Select(step => new JobStepSnapshot(step.Server, step.Name, step.Host, step.State, step.BegunAt, step.EndedAt, step.Message)).ToImmutableArray());

    public async Task<ServerResult> CancelAsync()
    {
        await _writing.WaitAsync();
        try
        {
            if (Job.Request is null)
                return ServerResult.Refused(ServerRefusal.NotFound, $"There is no job {Id}.");
            if (Job.EndedAt is not null)
                return ServerResult.Refused(ServerRefusal.JobIsOver, "The job is over already.");
            Job.IsCancelled = true;
            if (await TryStoreAsync() is { } fault)
            {
                Leave();
                return StoreRefusal.Of(fault);
            }

            var left = Job.Steps.Count(step => step.State == JobStepState.UnderWay);
            return ServerResult.Accepted(left == 0 ? "The job is cancelled." : $"No further server is begun; {left} on their way go on to their end.") with { Job = Id };
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task<ImmutableArray<ServerId>> FindOpenAsync(ImmutableArray<ServerId> servers) => Task.FromResult(servers.Where(_open.Contains).ToImmutableArray());

    public async Task OnFollowedAsync(JobId next, bool isUndo)
    {
        await _writing.WaitAsync();
        try
        {
            if (Job.Request is null)
                return;
            if (isUndo)
                Job.UndoneBy ??= next.Value;
            else
                Job.RetriedBy ??= next.Value;
            // Lost, its page offers it once more: nothing is done by that.
            if (await TryStoreAsync() is { } fault)
                LogNotStored(logger, Id, fault);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task WakeAsync()
    {
        // That it was called is enough for one that is not over: it is active now.
        if (_isLeaving)
            return;
        if (_isEndStored)
            await Book.OnOverAsync(Id, isMade: true);
        else if (Job.Request is null && !_isMaking)
            await Book.OnOverAsync(Id, isMade: false);
    }

    public async Task ForgetAsync()
    {
        if (!_isEndStored)
            return;
        await record.ClearStateAsync();
        DeactivateOnIdle();
    }

    private async Task<ServerResult> MakeAsync(JobPlan plan)
    {
        record.State = new JobRecord
        {
            Request = plan.Request.WithoutServers(),
            CreatedAt = time.GetUtcNow(),
            Steps = [.. plan.Servers.Select(server => new JobStep(server.Id, server.Name, server.Host))],
        };
        if (await TryStoreAsync() is { } fault)
        {
            // It may have been written all the same: whoever calls next reads the store anew.
            record.State = new JobRecord();
            Leave();
            return fault is InconsistentStateException
                ? ServerResult.Refused(ServerRefusal.OutcomeUnknown, "The job may have been made or not. Ask again with the same id.")
                : StoreRefusal.Of(fault);
        }

        LogMade(logger, Id, Job.Request!.Action, Job.Steps.Count);
        GoOn();
        return Made();
    }

    // The servers may have changed since they were selected, if they were not named one by one.
    private bool AreOurs(JobPlan plan)
    {
        if (plan.Request.Selection.Servers.IsEmpty)
            return true;
        var ours = Job.Steps.Select(step => step.Server).ToHashSet();
        return plan.Servers.All(server => ours.Contains(server.Id));
    }

    private ServerResult Made()
    {
        var job = Snapshot(time.GetUtcNow());
        return ServerResult.Accepted(job.State switch
        {
            JobState.Waiting => $"{job.Title}: waits for its time.",
            JobState.UnderWay => $"{job.Title}: begun.",
            _ => $"{job.Title}: was made before.",
        }) with
        { Job = Id };
    }

    private JobSnapshot Snapshot(DateTimeOffset now) => new()
    {
        Id = Id,
        Request = Job.Request!,
        State = JobRule.StateOf(Job, _isEndStored, now),
        CreatedAt = Job.CreatedAt,
        BegunAt = Job.Steps.Min(step => step.BegunAt),
        EndedAt = _isEndStored ? Job.EndedAt : null,
        Counts = Job.Steps.CountBy(step => step.State).ToImmutableSortedDictionary(),
        // At the limit of failures with the last of them nobody's turn was taken away.
        StopReason = Job.EndedAt is null || Job.Steps.Exists(step => step.State == JobStepState.Cancelled) ? JobRule.WhyNoFurther(Job, Job.EndedAt ?? now) : null,
        TimeLeft = JobRule.TimeLeft(Job, now),
        RetriedBy = Job.RetriedBy is { } retry ? new JobId(retry) : null,
        UndoneBy = Job.UndoneBy is { } undo ? new JobId(undo) : null,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job}: {Action}, {Servers} servers.")]
    private static partial void LogMade(ILogger logger, JobId job, PowerAction action, int servers);
}

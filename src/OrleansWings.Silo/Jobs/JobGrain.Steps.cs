using Microsoft.Extensions.Logging;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Jobs;

/// <summary>Look, write, ask; once a second, until every server has come to its end.</summary>
internal sealed partial class JobGrain
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    // How much of the time that was counted a silo's death may lose.
    private static readonly TimeSpan s_storeEvery = TimeSpan.FromSeconds(10);

    private readonly HashSet<int> _asking = [];

    // As it is stored: what is in memory only may not come true.
    private HashSet<ServerId> _open = [];
    private bool _isEndStored;
    private bool _isEntered;
    private bool _isFollowingTold;
    private bool _isDirty;
    private bool _isLeaving;
    private IGrainTimer? _timer;
    private long _looked;
    private long _stored;

    private void GoOn()
    {
        _looked = _stored = time.GetTimestamp();
        _timer ??= this.RegisterGrainTimer(_ => GoOnAsync(), new GrainTimerCreationOptions(TimeSpan.Zero, s_every) { Interleave = true, KeepAlive = true });
    }

    private async Task GoOnAsync()
    {
        try
        {
            if (!_isEntered && !await EnterAsync())
                return;
            if (!_isFollowingTold)
                await TellFollowingAsync();
            var empty = await FindEmptyAsync(time.GetUtcNow());
            var toLook = Indexes(step => step.State == JobStepState.UnderWay).Concat(JobRule.ToBegin(Job, time.GetUtcNow(), empty)).ToArray();
            var seen = await LookAsync(toLook);
            if (await AdvanceAsync(seen, empty) is { } fault)
            {
                LogNotStored(logger, Id, fault);
                Leave();
            }
            else if (_isEndStored)
            {
                LogOver(logger, Id, JobRule.StateOf(Job, _isEndStored, Job.EndedAt!.Value), Job.Steps.Count(step => step.State == JobStepState.Failed));
                Leave();
                await Book.OnOverAsync(Id, isMade: true);
            }
            else
            {
                Ask(seen);
            }
        }
        catch (Exception e)
        {
            // Nobody waits for this; the next second tries again, and each step's time runs out meanwhile.
            LogFault(logger, Id, e);
        }
    }

    // Whoever asked for it may have been told that it was not made, and the book knows nothing of it: then others may have its servers. False while
    // the book cannot say; it is asked again, and nobody else is.
    private async Task<bool> EnterAsync()
    {
        var entered = await Book.EnterAsync(Id, [.. _open]);
        var isTaken = entered.Refusal == ServerRefusal.ServersInOtherJob;
        (Job.IsCancelled, _isDirty) = (Job.IsCancelled || isTaken, _isDirty || isTaken);
        return _isEntered = entered.IsAccepted || isTaken;
    }

    // So that its page does not offer it a second time. One that cannot hear it holds up nobody.
    private async Task TellFollowingAsync()
    {
        _isFollowingTold = true;
        try
        {
            if (Job.Request!.Retries is { } failed)
                await GrainFactory.GetGrain<IJobGrain>(failed.Value).OnFollowedAsync(Id, isUndo: false);
            if (Job.Request.Undoes is { } undone)
                await GrainFactory.GetGrain<IJobGrain>(undone.Value).OnFollowedAsync(Id, isUndo: true);
        }
        catch (Exception e)
        {
            LogNotTold(logger, Id, e);
        }
    }

    // What is not in it could not be looked at: the store, its host or its engine is away for now.
    private async Task<Dictionary<int, ServerSnapshot?>> LookAsync(int[] indexes)
    {
        var looks = await Task.WhenAll(indexes.Select(LookAsync));
        return looks.OfType<(int Index, ServerSnapshot? Snapshot)>().ToDictionary(look => look.Index, look => look.Snapshot);
    }

    private async Task<(int Index, ServerSnapshot? Snapshot)?> LookAsync(int index)
    {
        var server = Job.Steps[index].Server;
        try
        {
            if (await fleet.GetServer(server).GetSnapshotAsync() is { } seen)
                return seen.IsReachable ? (index, seen) : null;
            // One that is being given to another host is known to neither for a moment.
            return await GrainFactory.GetGrain<IServerRecordGrain>(server.Value).GetAssignmentAsync() is null or { DeletedAt: not null } ? (index, null) : null;
        }
        catch (Exception e)
        {
            LogNotSeen(logger, Id, server, e);
            return null;
        }
    }

    // Null when it is written, or there was nothing to write.
    private async Task<Exception?> AdvanceAsync(Dictionary<int, ServerSnapshot?> seen, IReadOnlySet<int>? empty)
    {
        await _writing.WaitAsync();
        try
        {
            var passed = time.GetElapsedTime(_looked);
            _looked = time.GetTimestamp();
            var now = time.GetUtcNow();
            foreach (var i in Indexes(step => step.State == JobStepState.UnderWay).ToArray())
                Put(i, Advance(i, seen, passed, now));
            CountWait(passed, empty, now);
            // What was counted as empty and could not be looked at may have players by the time that it can.
            foreach (var i in JobRule.ToBegin(Job, now, empty).Where(i => empty is null || seen.ContainsKey(i)).ToArray())
                Put(i, seen.TryGetValue(i, out var server) ? JobStepRule.Begin(Job.Steps[i], Job.Request!.Action, server, now) : JobStepRule.BeginUnseen(Job.Steps[i], now));
            var why = JobRule.WhyNoFurther(Job, now);
            foreach (var i in Indexes(step => why is not null && step.State == JobStepState.Waiting).ToArray())
                Put(i, JobRule.Settle(Job.Steps[i], why, now));
            if (Job.EndedAt is null && JobRule.IsOver(Job.Steps))
                (Job.EndedAt, _isDirty) = (now, true);
            var isCounted = Job.WaitedForPlayers > TimeSpan.Zero || Job.Steps.Exists(step => step.State == JobStepState.UnderWay);
            var isTimeToStore = isCounted && time.GetElapsedTime(_stored) >= s_storeEvery;
            return _isDirty || isTimeToStore ? await TryStoreAsync() : null;
        }
        finally
        {
            _writing.Release();
        }
    }

    private JobStep Advance(int i, Dictionary<int, ServerSnapshot?> seen, TimeSpan passed, DateTimeOffset now)
    {
        var (step, request) = (Job.Steps[i], Job.Request!);
        if (seen.TryGetValue(i, out var server))
            step = step.RunBefore is null ? JobStepRule.Begin(step, request.Action, server, now) : JobStepRule.Seen(step, request.Action, server, request.Pace.MinRunningTime, now);
        return JobStepRule.Wait(step, server, request.Pace.StepTimeout, passed, now);
    }

    // Time alone is no reason to write.
    private void Put(int i, JobStep step)
    {
        _isDirty |= Job.Steps[i] with { Spent = step.Spent } != step;
        Job.Steps[i] = step;
    }

    private async Task<Exception?> TryStoreAsync()
    {
        try
        {
            // Answers that come meanwhile are written next.
            (_isDirty, _stored) = (false, time.GetTimestamp());
            await record.WriteStateAsync();
            Stored();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private void Stored()
    {
        _open = [.. Job.Steps.Where(step => !step.IsOver).Select(step => step.Server)];
        _isEndStored = Job.EndedAt is not null;
    }

    // Only what is written: see whom the next activation would ask.
    private void Ask(Dictionary<int, ServerSnapshot?> seen)
    {
        foreach (var (i, server) in seen)
        {
            if (JobStepRule.IsToBeAsked(Job.Steps[i], Job.Request!.Action, server) && _asking.Add(i))
                _ = AskAsync(i);
        }
    }

    private async Task AskAsync(int i)
    {
        var server = fleet.GetServer(Job.Steps[i].Server);
        var action = Job.Request!.Action;
        try
        {
            if (await IsLeftAloneAsync(i))
                return;
            // An earlier question, of a silo that is dead by now, may still be on its way.
            if (action is PowerAction.Start or PowerAction.Restart && Job.Steps[i].RunBefore is { } run)
                PowerCondition.OnlyInRun(run);
            var answer = await (action switch
            {
                PowerAction.Start => server.StartAsync(),
                PowerAction.Stop => server.StopAsync(),
                PowerAction.Restart => server.RestartAsync(),
                _ => server.KillAsync(),
            });
            Put(i, JobStepRule.Answered(Job.Steps[i], action, answer, time.GetUtcNow()));
        }
        catch (Exception e)
        {
            // Whether it was heard its picture will say.
            LogNotAsked(logger, Id, server.Id, e);
        }
        finally
        {
            _asking.Remove(i);
        }
    }

    private IEnumerable<int> Indexes(Func<JobStep, bool> which) => Enumerable.Range(0, Job.Steps.Count).Where(i => which(Job.Steps[i]));

    // What is in memory may not be what is stored: the next activation reads it anew.
    private void Leave()
    {
        _isLeaving = true;
        _timer?.Dispose();
        _timer = null;
        DeactivateOnIdle();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is over: {State}, {Failed} failed.")]
    private static partial void LogOver(ILogger logger, JobId job, JobState state, int failed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be written down, asks nobody, and begins anew from what is stored")]
    private static partial void LogNotStored(ILogger logger, JobId job, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} met a fault and tries again")]
    private static partial void LogFault(ILogger logger, JobId job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not tell the job that it follows")]
    private static partial void LogNotTold(ILogger logger, JobId job, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {Job}: server {Server} could not be looked at")]
    private static partial void LogNotSeen(ILogger logger, JobId job, ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: server {Server} could not be asked")]
    private static partial void LogNotAsked(ILogger logger, JobId job, ServerId server, Exception exception);
}

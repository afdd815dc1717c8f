using System.Collections.Immutable;
using Orleans.Placement;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Jobs;

/// <summary>Which jobs there are. Jobs wait for it while they are entered; it waits for jobs, which answer in between.</summary>
[GrainType("job-book"), HashBasedPlacement]
internal sealed class JobBookGrain([PersistentState("job-book", WingsStore.Name)] IPersistentState<JobBookRecord> record) : Grain, IJobBookGrain
{
    private List<JobEntry> Jobs => record.State.Jobs;

    public async Task<ServerResult> EnterAsync(JobId job, ImmutableArray<ServerId> servers)
    {
        if (Jobs.Exists(entry => entry.Id == job.Value))
            return ServerResult.Accepted("The job is entered.");
        foreach (var other in Jobs.Where(entry => !entry.IsOver).ToArray())
        {
            if (await FindOpenAsync(other, servers) is { Length: > 0 } busy)
                return await InTheWayAsync(new JobId(other.Id), busy.Length);
        }

        try
        {
            await ChangeAsync(jobs => jobs.Add(new JobEntry(job.Value, IsOver: false)));
            return ServerResult.Accepted("The job is entered.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return StoreRefusal.Of(e);
        }
    }

    public async Task OnOverAsync(JobId job, bool isMade)
    {
        var at = Jobs.FindIndex(entry => entry.Id == job.Value && !entry.IsOver);
        if (at < 0)
            return;
        if (!isMade)
        {
            await ChangeAsync(jobs => jobs.RemoveAt(at));
            return;
        }

        var tooMany = Jobs.Where(entry => entry.IsOver).SkipLast(IJobBookGrain.Kept - 1).ToArray();
        // First: an entry that goes before its job leaves one that nobody can name.
        foreach (var old in tooMany)
            await ForgetAsync(old);
        await ChangeAsync(jobs =>
        {
            jobs[at] = jobs[at] with { IsOver = true };
            jobs.RemoveAll(tooMany.Contains);
        });
    }

    public Task<ImmutableArray<JobId>> ListAsync(bool isOpenOnly)
        => Task.FromResult(Jobs.Where(entry => !isOpenOnly || !entry.IsOver).Select(entry => new JobId(entry.Id)).Reverse().ToImmutableArray());

    private async Task ForgetAsync(JobEntry old)
    {
        try
        {
            await GrainFactory.GetGrain<IJobGrain>(old.Id).ForgetAsync();
        }
        catch (DamagedRecordException)
        {
            // It stays in the store as it is; the book goes on without it.
        }
    }

    private async Task<ServerResult> InTheWayAsync(JobId other, int count)
    {
        var title = await GrainFactory.GetGrain<IJobGrain>(other.Value).GetSnapshotAsync() is { } job ? $"‘{job.Title}’" : "another job";
        return ServerResult.Refused(
            ServerRefusal.ServersInOtherJob,
            $"{(count == 1 ? "One of the servers is" : $"{count:N0} of the servers are")} in {title}, which is not over. Cancel it, or wait for its end.") with
        { Job = other };
    }

    private async Task<ImmutableArray<ServerId>> FindOpenAsync(JobEntry other, ImmutableArray<ServerId> servers)
    {
        try
        {
            return await GrainFactory.GetGrain<IJobGrain>(other.Id).FindOpenAsync(servers);
        }
        catch (DamagedRecordException)
        {
            // It cannot go on, so it asks nobody anything; for ever in the way of all others it would be worse.
            return [];
        }
    }

    private async Task ChangeAsync(Action<List<JobEntry>> change)
    {
        var before = Jobs.ToList();
        change(Jobs);
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            record.State.Jobs = before;
            DeactivateOnIdle();
            throw;
        }
    }
}

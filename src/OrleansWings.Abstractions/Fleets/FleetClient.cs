using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Fleets;

/// <summary>The facade over the cluster's grains, for the dashboard and for panel code.</summary>
/// <param name="grains">The way to the cluster: a client's, or a silo's own.</param>
public sealed class FleetClient(IGrainFactory grains) : IFleet
{
    /// <inheritdoc />
    public IServer GetServer(ServerId id) => new ServerClient(grains, id);

    /// <inheritdoc />
    public IFleetHost GetHost(HostId id) => new HostClient(grains, this, id);

    /// <inheritdoc />
    public Task<ServerResult> CreateServerAsync(ServerSpec spec, ServerId? id = null)
    {
        var server = id ?? ServerId.New();
        return GrainCalls.GuardAsync(() => grains.GetGrain<IServerRecordGrain>(server.Value).CreateAsync(spec));
    }

    /// <inheritdoc />
    public Task<ImmutableArray<ServerSnapshot>> ListServersAsync() => GrainReads.ReadAsync(ListServersOnceAsync);

    /// <summary>The same, for a command: that is answered at once when the way is broken.</summary>
    internal async Task<ImmutableArray<ServerSnapshot>> ListServersOnceAsync()
    {
        var hosts = await Registry.ListHostsAsync();
        var lists = await Task.WhenAll(hosts.Select(ListServersAsync));
        return [.. lists.SelectMany(list => list).OrderBy(server => server.Name, StringComparer.OrdinalIgnoreCase).ThenBy(server => server.Id)];
    }

    /// <inheritdoc />
    public Task<ImmutableArray<HostSnapshot>> ListHostsAsync() => GrainReads.ReadAsync(async () =>
    {
        var hosts = await Registry.ListHostsAsync();
        var snapshots = await Task.WhenAll(hosts.Select(host => grains.GetGrain<IHostGrain>(host.Value).GetSnapshotAsync()));
        return snapshots.OrderBy(host => host.Id.Value, StringComparer.Ordinal).ToImmutableArray();
    });

    /// <inheritdoc />
    public Task<ImmutableArray<DeletedServer>> ListDeletedServersAsync() => GrainReads.ReadAsync(async () =>
    {
        var hosts = await Registry.ListHostsAsync();
        var lists = await Task.WhenAll(hosts.Select(ListPerhapsDeletedAsync));
        var deleted = await GrainCalls.ForEachAsync(
            lists.SelectMany(list => list),
            server => grains.GetGrain<IServerRecordGrain>(server.Id.Value).GetAssignmentAsync());
        var listed = from record in deleted.OfType<ServerAssignment>()
                     where record.DeletedAt.HasValue
                     let at = record.DeletedAt.GetValueOrDefault()
                     orderby at descending
                     select new DeletedServer(record.Server, record.Spec.Name, record.Host, at, at + ServerTrash.Age);
        return listed.ToImmutableArray();
    });

    /// <inheritdoc />
    public IJob GetJob(JobId id) => new JobClient(grains, this, id);

    /// <inheritdoc />
    public Task<ServerResult> CreateJobAsync(JobRequest request, JobId? id = null) => GrainCalls.GuardAsync(async () =>
    {
        var job = id ?? JobId.New();
        if (job.Value == Guid.Empty)
            return ServerResult.Refused(ServerRefusal.Invalid, "The empty id is no job's.");
        // Asked again, other servers may fit by now, or none.
        if (id is not null && await grains.GetGrain<IJobGrain>(job.Value).GetSnapshotAsync() is { } made)
        {
            if (!made.Request.IsSame(request.Normalize()))
                return ServerResult.Refused(ServerRefusal.AlreadyExists, $"There is another job with the id {job}: {made.Title}.");
            if (request.Selection?.Servers is null or { IsDefaultOrEmpty: true } || request.Retries is not null || request.Undoes is not null)
                return ServerResult.Accepted(made.IsOver ? $"{made.Title}: was made before." : $"{made.Title}: begun.") with { Job = job };
        }

        var (plan, refusal) = await new JobPlanner(grains, this).PlanAsync(request);
        return refusal ?? await grains.GetGrain<IJobGrain>(job.Value).CreateAsync(plan!);
    });

    /// <inheritdoc />
    public Task<ImmutableArray<JobSnapshot>> ListJobsAsync() => GrainReads.ReadAsync(async () =>
    {
        var jobs = await grains.GetGrain<IJobBookGrain>(0).ListAsync(isOpenOnly: false);
        var snapshots = await GrainCalls.ForEachAsync(jobs, id => ReadJobAsync(id, job => job.GetSnapshotAsync()));
        return snapshots.OfType<JobSnapshot>().ToImmutableArray();
    });

    /// <inheritdoc />
    public Task<JobSnapshot?> FindJobAsync(ServerId server) => GrainReads.ReadAsync(async () =>
    {
        foreach (var job in await grains.GetGrain<IJobBookGrain>(0).ListAsync(isOpenOnly: true))
        {
            if (await ReadJobAsync(job, async open => (await open.FindOpenAsync([server])).IsEmpty ? null : await open.GetSnapshotAsync()) is { } found)
                return found;
        }

        return null;
    });

    // One that cannot be read is said on its own page; all others are not to be hidden by it.
    private async Task<JobSnapshot?> ReadJobAsync(JobId job, Func<IJobGrain, Task<JobSnapshot?>> read)
    {
        try
        {
            return await read(grains.GetGrain<IJobGrain>(job.Value));
        }
        catch (DamagedRecordException)
        {
            return null;
        }
    }

    private IFleetGrain Registry => grains.GetGrain<IFleetGrain>(0);

    // A host says when it has put a server's files aside. While it is away, only the records know.
    private async Task<IEnumerable<HostedServer>> ListPerhapsDeletedAsync(HostId id)
    {
        var host = grains.GetGrain<IHostGrain>(id.Value);
        var servers = await host.ListServersAsync();
        var isThere = (await host.GetSnapshotAsync()).Status is HostStatus.Ready or HostStatus.EngineUnreachable;
        return isThere ? servers.Where(server => server.IsDeleted) : servers;
    }

    // What the host says is the truth; what only the records know is listed as not confirmed.
    private async Task<IEnumerable<ServerSnapshot>> ListServersAsync(HostId host)
    {
        var assigned = await grains.GetGrain<IHostGrain>(host.Value).ListServersAsync();
        var live = new Dictionary<ServerId, ServerSnapshot>();
        var isAway = false;
        try
        {
            foreach (var server in await grains.GetHostAgent(host).ListServersAsync())
                live[server.Id] = server;
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            isAway = true;
        }

        var rest = await GrainCalls.ForEachAsync(
            assigned.Where(server => !server.IsDeleted && !live.ContainsKey(server.Id)),
            server => grains.GetGrain<IServerRecordGrain>(server.Id.Value).GetLastSnapshotAsync());
        return live.Values.Concat(rest.OfType<ServerSnapshot>().Select(server => server with { IsReachable = !isAway }))
            .Where(server => !server.IsDeleted || server.State != PowerState.Offline);
    }
}

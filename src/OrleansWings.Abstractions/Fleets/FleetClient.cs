using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Fleets;

/// <summary>The facade over the cluster's grains, for the dashboard and for panel code.</summary>
/// <param name="grains">The way to the cluster: a client's, or a silo's own.</param>
public sealed class FleetClient(IGrainFactory grains) : IFleet
{
    // A crash of the caller must not leave a list waiting on thousands of calls at once.
    private const int CallsAtOnce = 64;

    /// <inheritdoc />
    public IServer GetServer(ServerId id) => new ServerClient(grains, id);

    /// <inheritdoc />
    public IFleetHost GetHost(HostId id) => new HostClient(grains, id);

    /// <inheritdoc />
    public Task<ServerResult> CreateServerAsync(ServerSpec spec, ServerId? id = null)
    {
        var server = id ?? ServerId.New();
        return GrainCalls.GuardAsync(() => grains.GetGrain<IServerRecordGrain>(server.Value).CreateAsync(spec));
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<ServerSnapshot>> ListServersAsync()
    {
        var hosts = await Registry.ListHostsAsync();
        var lists = await Task.WhenAll(hosts.Select(ListServersAsync));
        return [.. lists.SelectMany(list => list).OrderBy(server => server.Name, StringComparer.OrdinalIgnoreCase).ThenBy(server => server.Id)];
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<HostSnapshot>> ListHostsAsync()
    {
        var hosts = await Registry.ListHostsAsync();
        var snapshots = await Task.WhenAll(hosts.Select(host => grains.GetGrain<IHostGrain>(host.Value).GetSnapshotAsync()));
        return [.. snapshots.OrderBy(host => host.Id.Value, StringComparer.Ordinal)];
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<DeletedServer>> ListDeletedServersAsync()
    {
        var hosts = await Registry.ListHostsAsync();
        var lists = await Task.WhenAll(hosts.Select(ListPerhapsDeletedAsync));
        var deleted = await ForEachAsync(
            lists.SelectMany(list => list),
            server => grains.GetGrain<IServerRecordGrain>(server.Id.Value).GetAssignmentAsync());
        return
        [
            .. from record in deleted.OfType<ServerAssignment>()
               where record.DeletedAt.HasValue
               let at = record.DeletedAt.GetValueOrDefault()
               orderby at descending
               select new DeletedServer(record.Server, record.Spec.Name, record.Host, at, at + ServerTrash.Age),
        ];
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

        var rest = await ForEachAsync(
            assigned.Where(server => !server.IsDeleted && !live.ContainsKey(server.Id)),
            server => grains.GetGrain<IServerRecordGrain>(server.Id.Value).GetLastSnapshotAsync());
        return live.Values.Concat(rest.OfType<ServerSnapshot>().Select(server => server with { IsReachable = !isAway }))
            .Where(server => !server.IsDeleted || server.State != PowerState.Offline);
    }

    private static async Task<List<TResult>> ForEachAsync<TSource, TResult>(IEnumerable<TSource> source, Func<TSource, Task<TResult>> call)
    {
        var results = new List<TResult>();
        foreach (var some in source.Chunk(CallsAtOnce))
            results.AddRange(await Task.WhenAll(some.Select(call)));
        return results;
    }
}

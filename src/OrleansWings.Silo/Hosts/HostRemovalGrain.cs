using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Hosts;

/// <summary>Removes a host: its servers' records, what is kept about it, its claim on the name, and last its place in the list.</summary>
[GrainType("host-removal"), HashBasedPlacement]
internal sealed partial class HostRemovalGrain(IClusterMembershipService members, IServiceProvider services, ILogger<HostRemovalGrain> logger) : Grain, IHostRemovalGrain
{
    // A host may have hundreds of servers, and each is a write to the store.
    private const int RecordsAtOnce = 16;

    private HostId Id => new(this.GetPrimaryKeyString());

    public async Task<ServerResult> RemoveAsync(bool withRecords)
    {
        var registry = GrainFactory.GetGrain<IFleetGrain>(0);
        if (!(await registry.ListHostsAsync()).Contains(Id))
            return ServerResult.Refused(ServerRefusal.NoHost, $"There is no host named {Id}.");
        if (members.HasHost(Id))
            return RemovalWords.InUse(Id);
        var host = GrainFactory.GetGrain<IHostGrain>(Id.Value);
        // First: whatever comes here after its servers were looked at would go without a word.
        var begun = await host.BeginRemovalAsync();
        if (!begun.IsAccepted)
            return begun;
        string[] names;
        try
        {
            var records = await ReadRecordsAsync(host);
            names = [.. records.Where(record => record.DeletedAt is null).Select(record => record.Spec.Name).Order(StringComparer.OrdinalIgnoreCase)];
            if (names.Length > 0 && !withRecords)
            {
                await host.EndRemovalAsync(isRemoved: false);
                return RemovalWords.HasServers(Id, names);
            }

            // Whoever came back while the records were read is not to find them gone.
            if (members.HasHost(Id))
            {
                await host.EndRemovalAsync(isRemoved: false);
                return RemovalWords.InUse(Id);
            }

            await ForEachAsync(records, record => GrainFactory.GetGrain<IServerRecordGrain>(record.Server.Value).RemoveWithHostAsync(Id));
            if (members.HasHost(Id))
            {
                await host.EndRemovalAsync(isRemoved: false);
                return RemovalWords.CameBack(Id, names);
            }

            await host.EndRemovalAsync(isRemoved: true);
            if (services.GetService<RedisLink>() is { } redis)
                await FleetDoor.FreeAsync((await redis.GetAsync()).GetDatabase(), Id.Value);
            // Last: interrupted before, the host is still listed and can be removed again.
            await registry.UnregisterHostAsync(Id);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotRemoved(logger, Id, e);
            return ServerResult.Refused(ServerRefusal.NotStored, $"Host {Id} is removed in part only: {StoreRefusal.Reason(e)} Remove it again.");
        }

        await GrainFactory.GetGrain<IHostFeedGrain>(Id.Value).ForgetHostAsync();
        LogRemoved(logger, Id);
        return RemovalWords.Removed(Id, names);
    }

    // A server that was deleted while its host was away is still listed as one of it: only its record knows.
    private async Task<IReadOnlyCollection<ServerAssignment>> ReadRecordsAsync(IHostGrain host)
    {
        var records = new ConcurrentBag<ServerAssignment>();
        await ForEachAsync(await host.ListServersAsync(), async server =>
        {
            if (await GrainFactory.GetGrain<IServerRecordGrain>(server.Id.Value).GetAssignmentAsync() is { } record && record.Host == Id)
                records.Add(record);
        });
        return records;
    }

    private static async Task ForEachAsync<T>(IEnumerable<T> all, Func<T, Task> work)
    {
        foreach (var some in all.Chunk(RecordsAtOnce))
            await Task.WhenAll(some.Select(work));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {Host} was removed from the fleet by an operator.")]
    private static partial void LogRemoved(ILogger logger, HostId host);

    [LoggerMessage(Level = LogLevel.Error, Message = "Host {Host} could not be removed")]
    private static partial void LogNotRemoved(ILogger logger, HostId host, Exception exception);
}

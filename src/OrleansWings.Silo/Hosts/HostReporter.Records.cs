using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>What goes between a server here and its record, each server for itself: what did not arrive goes again soon.</summary>
internal sealed partial class HostReporter
{
    private static readonly TimeSpan s_wishPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_beingMade = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ServerId, ServerSnapshot> _forRecords = new();
    private readonly ServerErrands _pictures = new("writing the record", time, logger);
    private readonly ServerErrands _wishes = new("reading the wish", time, logger);

    // Held here for a server that is not ours by its record, and since when that has been seen.
    private readonly ConcurrentDictionary<ServerId, long> _notOurs = new();
    private int _unclaimed;

    private async Task SendPictureAsync(ServerId server, CancellationToken cancellationToken)
    {
        await controls.WaitForOneAsync(cancellationToken);
        if (!_forRecords.TryGetValue(server, out var snapshot))
            return;
        var record = grains.GetGrain<IServerRecordGrain>(server.Value);
        if (!await record.TakeSnapshotAsync(snapshot))
            throw new InvalidOperationException("The cluster's store did not take it.");
        if (servers.Find(server)?.State is { IsDeleted: true } state && state.DeletedVersion == state.Assignment.Version)
            await record.OnDeletionDoneAsync(state.DeletedVersion, arePurged: false);
        // A newer one has taken its place, and asked for its own turn.
        _forRecords.TryRemove(new(server, snapshot));
    }

    private async Task TakeWishAgainAsync(ServerId server, CancellationToken cancellationToken)
    {
        await controls.WaitForOneAsync(cancellationToken);
        var record = await ReadWishAsync(server);
        foreach (var (_, held) in servers.Held().Where(each => each.Server == server).ToArray())
            await JudgeAsync(grains.GetGrain<IHostGrain>(Host.Value), server, held, record);
        if (record is not null)
            await servers.AssignAsync(record);
    }

    private Task<ServerAssignment?> ReadWishAsync(ServerId server)
        => grains.GetGrain<IServerRecordGrain>(server.Value).GetAssignmentAsync().WaitAsync(s_wishPatience, time);

    private void OnChanged(ServerSnapshot snapshot)
    {
        _events.Writer.TryWrite(new HostEvent { Host = Host, Server = snapshot });
        // Pictures of one server come from several threads: an older one must not take a newer one's place.
        var kept = _forRecords.AddOrUpdate(snapshot.Id, snapshot, (_, waiting) => waiting.Revision >= snapshot.Revision ? waiting : snapshot);
        if (ReferenceEquals(kept, snapshot))
            _pictures.Ask(snapshot.Id);
    }

    // Before anything else is begun: what the records gave to others while this host was away. One that could not be asked
    // about, or not be ended, keeps nobody else waiting; its failure is returned.
    private async Task<Exception?> JudgeLedgerAsync(IHostGrain host, ConcurrentDictionary<ServerId, ServerAssignment?> records, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        await Parallel.ForEachAsync(servers.Held().ToArray(), AFewAtOnce(cancellationToken), async (each, _) =>
        {
            try
            {
                var record = records[each.Server] = await ReadWishAsync(each.Server);
                await JudgeAsync(host, each.Server, each.Held, record);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (e is EngineException)
                {
                    // By itself, and not with all others each second: the engine may be away for long.
                    LogNotLeft(logger, each.Server, e.Message);
                    _wishes.AskAgain(each.Server);
                    return;
                }

                LogWishFailed(logger, each.Server, e);
                // One that is damaged is not whole in a second: the next look is in a minute.
                if (e is not DamagedRecordException)
                    failure = e;
            }
        });
        SayUnclaimed(records.Values.Count(record => record is null));
        return failure;
    }

    // Once, and again when it is another number: it is found each minute.
    private void SayUnclaimed(int count)
    {
        if (count > 0 && count != _unclaimed)
            LogUnclaimed(logger, count);
        _unclaimed = count;
    }

    private async Task JudgeAsync(IHostGrain host, ServerId server, ServerAssignment held, ServerAssignment? record)
    {
        var verdict = RecordVerdicts.Of(Host, held, record);
        servers.Find(server)?.SetUnclaimed(verdict == RecordVerdict.Unclaimed);
        if (verdict == RecordVerdict.Unclaimed)
            await servers.TakeBackAsync(server);
        if (verdict == RecordVerdict.Behind)
            await grains.GetGrain<IServerRecordGrain>(server.Value).TakeLedgerAsync(held).WaitAsync(s_wishPatience, time);
        if (verdict != RecordVerdict.Leave)
            return;
        await servers.LeaveAsync(server, record!);
        await host.ReleaseAsync(server, isForgotten: true);
    }

    // A server that is just being created, or given to this host, holds its ports before its record says so, and longer than that when
    // the store is slow.
    private async Task TakeWishAsync(IHostGrain host, HostedServer held, ServerAssignment? record)
    {
        if (record?.Host == Host)
        {
            _notOurs.TryRemove(held.Id, out _);
            // Read before the server was given away: what the record says now is read at the next join.
            if (await servers.AssignAsync(record) is null)
                return;
            if (record.DeletedAt is null)
            {
                // Too many is as wrong as too few: of a change that was cut short only what it would have added may be held.
                if (!record.Spec.Ports.ToHashSet().SetEquals(held.Ports))
                    await grains.GetGrain<IServerRecordGrain>(held.Id.Value).PromiseAgainAsync();
            }
            else if (!held.IsDeleted && servers.Find(held.Id)?.State is { IsDeleted: true } state && state.DeletedVersion == record.Version)
            {
                // Deleted long ago, and listed as if not: a restore was cut short, or the store forgot that it was told.
                await grains.GetGrain<IServerRecordGrain>(held.Id.Value).OnDeletionDoneAsync(record.Version, arePurged: false);
            }
        }
        else if (servers.Find(held.Id) is null && time.GetElapsedTime(_notOurs.GetOrAdd(held.Id, time.GetTimestamp())) > s_beingMade)
        {
            await host.ReleaseAsync(held.Id, isForgotten: true);
            _notOurs.TryRemove(held.Id, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Servers of this host without a record in the fleet: {Count}. They go on, and are shown as unclaimed; the host's page in the dashboard adopts them.")]
    private static partial void LogUnclaimed(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server} is another host's, and its copy here could not be ended; that is tried again: {Reason}")]
    private static partial void LogNotLeft(ILogger logger, ServerId server, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: what is wished of it could not be read and is asked for again")]
    private static partial void LogWishFailed(ILogger logger, ServerId server, Exception exception);
}

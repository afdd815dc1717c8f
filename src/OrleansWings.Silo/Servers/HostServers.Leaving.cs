using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>Servers that a record gave to another host: our copy ends, and its files stay, which the other may share.</summary>
public sealed partial class HostServers
{
    // What the ledger had of those whose copy is not ended yet: the engine did not let it be.
    private readonly ConcurrentDictionary<ServerId, ServerAssignment> _leaving = new();

    // How long somebody may take from reading one record to handing it over here.
    private static readonly TimeSpan s_oneReading = TimeSpan.FromMinutes(1);

    // The epoch in which each server was given to another host, and when this host heard of it. Who had read the record before that would make a
    // copy of it here once more, which takes a start and loses it when it ends. Not kept for longer: an id may be used again for a new server.
    private readonly ConcurrentDictionary<ServerId, (long Epoch, long At)> _givenAway = new();

    /// <summary>Every record that was read before now was handed over: what was given away long enough before is forgotten.</summary>
    /// <param name="began">When the reading of the records began, as the clock's timestamp.</param>
    internal void OnRecordsTaken(long began)
    {
        foreach (var given in _givenAway)
        {
            if (_host.Time.GetElapsedTime(given.Value.At, began) > s_oneReading)
                _givenAway.TryRemove(given);
        }
    }

    /// <summary>Every server of the ledger with what it says of it, those that are being left included.</summary>
    internal IEnumerable<(ServerId Server, ServerAssignment Held)> Held()
        => _workers.Values.Select(worker => (worker.Id, worker.State.Assignment)).Concat(_leaving.Select(left => (left.Key, left.Value)));

    /// <summary>Ends our copy for good. Interrupted, it is done again: the ledger forgets it last.</summary>
    /// <param name="server">The server.</param>
    /// <param name="record">What the record has: another host, a higher epoch.</param>
    /// <exception cref="EngineException">The engine could not; the copy is not started again meanwhile.</exception>
    internal async Task LeaveAsync(ServerId server, ServerAssignment record)
    {
        await GiveAwayAsync(record).ConfigureAwait(false);
        // First nobody is there who would answer the end of the process with a restart.
        await StandDownAsync(record).ConfigureAwait(false);
        if (await _host.Engine.FindAsync(server, _host.Cluster.Known, CancellationToken.None).ConfigureAwait(false) is { } container && IsOfEarlierEpoch(container, server, record.Epoch))
            await _host.RemoveContainerAsync(container, force: true, CancellationToken.None).ConfigureAwait(false);
        await _changes.WaitAsync().ConfigureAwait(false);
        try
        {
            // It may have come back meanwhile: then the ledger's line is of the new copy.
            if (_workers.ContainsKey(server))
                return;
            await _host.Ledger.ForgetAsync(server).ConfigureAwait(false);
            _leaving.TryRemove(server, out _);
        }
        finally
        {
            _changes.Release();
        }

        Forgotten?.Invoke(server);
    }

    private async Task GiveAwayAsync(ServerAssignment record)
    {
        var now = (record.Epoch, _host.Time.GetTimestamp());
        _givenAway.AddOrUpdate(record.Server, now, (_, known) => known.Epoch > record.Epoch ? known : now);
        if (_workers.ContainsKey(record.Server))
            return;
        // Who was just making a copy is through with it after this, and it is found.
        await _changes.WaitAsync().ConfigureAwait(false);
        _changes.Release();
    }

    private bool IsOvertaken(ServerAssignment assignment) => _givenAway.TryGetValue(assignment.Server, out var given) && given.Epoch > assignment.Epoch;

    // Our copy is among those that are being left before anybody waits: whoever asks next whom the host has finds it.
    private async Task StandDownAsync(ServerAssignment record)
    {
        if (!_workers.TryRemove(record.Server, out var worker))
            return;
        _leaving[record.Server] = worker.State.Assignment;
        LogLeaving(_logger, record.Server, record.Host, record.Epoch);
        await worker.DisposeAsync().ConfigureAwait(false);
    }

    // Ours, and made before the server was given away: one of the new epoch is somebody else's on the same engine.
    private bool IsOfEarlierEpoch(ContainerState container, ServerId server, long epoch)
        => container.IsOf(server, cluster: null)
            && container.Labels.GetValueOrDefault(ContainerLabels.Cluster) == _host.Cluster.Known?.ToString("D")
            && ContainerLabels.Number(container, ContainerLabels.Epoch) < epoch;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server} belongs to host {Host} now (epoch {Epoch}): the copy here ends, its files stay")]
    private static partial void LogLeaving(ILogger logger, ServerId server, HostId host, long epoch);
}

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
    // Who looked after those whose copy is not ended yet, as the engine did not let it be: at rest, with what the ledger has of them.
    private readonly ConcurrentDictionary<ServerId, PowerWorker> _leaving = new();

    // Leaving a server and taking it back again wait for each other: an engine may take its time with the removal of a copy. Few ever leave.
    private readonly ConcurrentDictionary<ServerId, SemaphoreSlim> _leaves = new();

    // How long somebody may take from reading one record to handing it over here.
    private static readonly TimeSpan s_oneReading = TimeSpan.FromMinutes(1);

    // The epoch in which each server was given to another host, and when this host heard of it. Who had read the record before that would make a
    // copy of it here once more, which takes a start and loses it when it ends. Not kept for longer: an id may be used again for a new server.
    private readonly ConcurrentDictionary<ServerId, (long Epoch, long At)> _givenAway = new();

    // Copies that are just being let go of: a new one must not open the console's files before they are closed.
    private readonly ConcurrentDictionary<ServerId, Task> _ending = new();

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
        => _workers.Values.Concat(_leaving.Values).Select(worker => (worker.Id, worker.State.Assignment));

    /// <summary>Ends our copy for good. Interrupted, it is done again: the ledger forgets it last.</summary>
    /// <param name="server">The server.</param>
    /// <param name="record">What the record has: another host, a higher epoch.</param>
    /// <exception cref="EngineException">The engine could not; the copy is not started again meanwhile.</exception>
    internal async Task LeaveAsync(ServerId server, ServerAssignment record)
    {
        await GiveAwayAsync(record).ConfigureAwait(false);
        await InTurnAsync(server, () => LeaveInTurnAsync(server, record)).ConfigureAwait(false);
    }

    /// <summary>Takes a server back that was being left: its record is gone, which proves nothing. Any other is left as it is.</summary>
    /// <param name="server">The server.</param>
    internal async Task TakeBackAsync(ServerId server)
    {
        if (_leaving.ContainsKey(server))
            await InTurnAsync(server, () => TakeBackInTurnAsync(server)).ConfigureAwait(false);
    }

    private async Task LeaveInTurnAsync(ServerId server, ServerAssignment record)
    {
        // First nobody is there who would answer the end of the process with a restart.
        await StandDownAsync(record).ConfigureAwait(false);
        if (!_leaving.TryGetValue(server, out var left))
            return;
        if (await _host.Engine.FindAsync(server, _host.Cluster.Known, CancellationToken.None).ConfigureAwait(false) is { } container && IsOfOurTime(container, server, left.State.Assignment.Epoch))
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

    // As it was: the ledger has its line still.
    private async Task TakeBackInTurnAsync(ServerId server)
    {
        await WhenEndedAsync(server).ConfigureAwait(false);
        await _changes.WaitAsync().ConfigureAwait(false);
        PowerWorker worker;
        try
        {
            if (_workers.ContainsKey(server) || !_leaving.TryRemove(server, out var left))
                return;
            _givenAway.TryRemove(server, out _);
            worker = Add(left.State with { Revision = left.State.Revision + 1 });
        }
        finally
        {
            _changes.Release();
        }

        worker.SetUnclaimed(true);
        await worker.ResumeAsync().ConfigureAwait(false);
    }

    private async Task InTurnAsync(ServerId server, Func<Task> work)
    {
        var turn = _leaves.GetOrAdd(server, _ => new SemaphoreSlim(1));
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
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
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_ending.TryAdd(record.Server, ended.Task))
        {
            await WhenEndedAsync(record.Server).ConfigureAwait(false);
            return;
        }

        try
        {
            if (!_workers.TryRemove(record.Server, out var worker))
                return;
            _leaving[record.Server] = worker;
            LogLeaving(_logger, record.Server, record.Host, record.Epoch);
            await worker.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _ending.TryRemove(record.Server, out _);
            ended.SetResult();
        }
    }

    private Task WhenEndedAsync(ServerId server) => _ending.GetValueOrDefault(server) ?? Task.CompletedTask;

    // Made while the server was this host's: another host on the same engine may have one of it by now, under the same name.
    private bool IsOfOurTime(ContainerState container, ServerId server, long epoch)
        => container.IsOf(server, cluster: null)
            && container.Labels.GetValueOrDefault(ContainerLabels.Cluster) == _host.Cluster.Known?.ToString("D")
            && ContainerLabels.Number(container, ContainerLabels.Epoch) <= epoch;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server} belongs to host {Host} now (epoch {Epoch}): the copy here ends, its files stay")]
    private static partial void LogLeaving(ILogger logger, ServerId server, HostId host, long epoch);
}

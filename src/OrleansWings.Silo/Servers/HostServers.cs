using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// Every server of this host, by id: loads them from the ledger, looks at the engine, and goes on with what was under
/// way. The registry that grains ask; itself needs no grain.
/// </summary>
public sealed partial class HostServers : IAsyncDisposable
{
    // The engine answers inspects side by side; more at once only queue up in it.
    private const int ResumedAtOnce = 16;

    // An engine that hangs holds up no creation; what it says later is taken in later.
    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ServerId, PowerWorker> _workers = new();
    private readonly SemaphoreSlim _changes = new(1);
    private readonly HostServices _host;
    private readonly ILogger<HostServers> _logger;
    private volatile bool _isResuming;

    public HostServers(HostServices host)
    {
        _host = host;
        _logger = host.Loggers.CreateLogger<HostServers>();
        foreach (var state in host.Ledger.States)
            Add(BeginProgram(state));
        host.Instruments.Observe(this);
        host.Watch.Changed += OnEngineChanged;
        host.Watch.Happened += OnEngineEvent;
        host.Ledger.Happened += OnHappened;
    }

    /// <summary>Raised with each new picture of any server; handlers only post.</summary>
    public event Action<ServerSnapshot>? Changed;

    /// <summary>Raised with each event of any server's history when it is written, in their order; handlers only post.</summary>
    public event Action<ServerId, ServerEvent>? Happened;

    /// <summary>Raised when a server's files were purged and it is known no longer.</summary>
    public event Action<ServerId>? Forgotten;

    public IReadOnlyCollection<PowerWorker> All => (IReadOnlyCollection<PowerWorker>)_workers.Values;

    public HostServices Host => _host;

    /// <summary>Whether every server has been looked at since this program started.</summary>
    public bool IsResumed { get; private set; }

    public PowerWorker? Find(ServerId server) => _workers.GetValueOrDefault(server);

    /// <summary>Takes what the record wants; a server not known yet becomes known.</summary>
    /// <returns>Who looks after the server; null when it is another host's, as far as this host was ever told.</returns>
    /// <exception cref="LedgerException">It could not be written down.</exception>
    public async Task<PowerWorker?> AssignAsync(ServerAssignment assignment)
    {
        if (assignment.Host != _host.Host)
        {
            await GiveAwayAsync(assignment).ConfigureAwait(false);
            // From here on nothing is accepted that would be lost with our copy.
            if (_workers.TryGetValue(assignment.Server, out var ours) && ours.State.Assignment.Epoch < assignment.Epoch)
                await StandDownAsync(assignment).ConfigureAwait(false);
            return null;
        }

        if (IsOvertaken(assignment))
            return null;
        // It may be back before its old copy here was ended: that copy is the server's again.
        _leaving.TryRemove(assignment.Server, out _);
        // Straight to a known server's inbox: a start that is asked for right after a change must not overtake it.
        if (_workers.TryGetValue(assignment.Server, out var known))
        {
            await AssignAsync(known, assignment).ConfigureAwait(false);
            return known;
        }

        // Not only below: who waits there holds up every other server's.
        await WhenEndedAsync(assignment.Server).ConfigureAwait(false);
        await _changes.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_workers.TryGetValue(assignment.Server, out known))
            {
                await AssignAsync(known, assignment).ConfigureAwait(false);
                return known;
            }

            // While it was waited for, the server may have been given away.
            if (IsOvertaken(assignment))
                return null;
            await WhenEndedAsync(assignment.Server).ConfigureAwait(false);
            // One that is deleted already is taken in as it was just before, so that the deletion is carried out as any other.
            var before = assignment.DeletedAt is null ? assignment : assignment with { DeletedAt = null, Version = assignment.Version - 1 };
            var state = new ServerState { Assignment = before, PowerSince = _host.Time.GetUtcNow(), Run = before.LastRun };
            state = BeginProgram(state);
            await _host.Ledger.SaveAsync(state).ConfigureAwait(false);
            var worker = Add(state);
            // It may be new to the ledger only, because that was lost, and run; one that ran before also under another name.
            await Task.WhenAny(worker.LookAsync(wasUnattended: true, underAnyName: before.LastRun > 0), Task.Delay(s_firstLook, _host.Time)).ConfigureAwait(false);
            await AssignAsync(worker, assignment).ConfigureAwait(false);
            worker.Announce();
            return worker;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Looks at the engine for every server and goes on with what was under way.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        _isResuming = true;
        await Parallel.ForEachAsync(
            _workers.Values,
            new ParallelOptions { MaxDegreeOfParallelism = ResumedAtOnce, CancellationToken = cancellationToken },
            async (worker, _) =>
            {
                try
                {
                    await worker.ResumeAsync().ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    // One that cannot go on keeps no other from it.
                    LogNotResumed(_logger, worker.Id, e);
                }
            }).ConfigureAwait(false);
        IsResumed = true;
    }

    /// <summary>Forgets a deleted server whose files are gone, its console too. One that could not be forgotten is still among all, and may be again.</summary>
    public async Task ForgetAsync(ServerId server)
    {
        if (Find(server) is not { } worker)
            return;
        await worker.DisposeAsync().ConfigureAwait(false);
        // Before the ledger forgets it: else nobody would come back for a folder that a power cut left.
        if (Directory.Exists(_host.Paths.Console(server)))
            Directory.Delete(_host.Paths.Console(server), recursive: true);
        if (Directory.Exists(_host.Paths.Identity(server)))
            Directory.Delete(_host.Paths.Identity(server), recursive: true);
        await _host.Ledger.ForgetAsync(server).ConfigureAwait(false);
        _workers.TryRemove(server, out _);
        Forgotten?.Invoke(server);
    }

    public async ValueTask DisposeAsync()
    {
        _host.Watch.Changed -= OnEngineChanged;
        _host.Watch.Happened -= OnEngineEvent;
        _host.Ledger.Happened -= OnHappened;
        await Task.WhenAll(_workers.Values.Select(worker => worker.DisposeAsync().AsTask())).ConfigureAwait(false);
        _changes.Dispose();
    }

    // Where a game may put anything, links too: by what is wished, and by what a process that runs was started with.
    private IEnumerable<string> WrittenFolders()
        => _workers.Values.Concat(_leaving.Values).Select(worker => worker.State)
            .Where(state => !state.IsDeleted || state.HasProcess)
            .SelectMany(state => state.Assignment.Spec.Mounts.Concat(state.HasProcess ? state.AppliedMounts ?? [] : [])
                .Where(mount => !mount.IsReadOnly).Select(mount => mount.Source).Append(_host.Paths.Volume(state.Assignment.Server)));

    // What was not written down is not known: whoever told it tells it again.
    private static async Task AssignAsync(PowerWorker worker, ServerAssignment assignment)
    {
        if (await worker.AssignAsync(assignment).ConfigureAwait(false) is { IsAccepted: false } refused)
            throw new LedgerException(refused.Message, null);
    }

    // The ledger may be an older copy, or have lost what could not be written: no run is begun twice, no revision said twice.
    private ServerState BeginProgram(ServerState state) => state with
    {
        Run = Math.Max(state.Run, ConsoleJournal.LastRunIn(_host.Paths.Console(state.Assignment.Server))),
        Revision = Math.Max(state.Revision + 1, _host.Ledger.Incarnation),
    };

    private PowerWorker Add(ServerState state)
    {
        var worker = new PowerWorker(state, _host, WrittenFolders);
        worker.Changed += snapshot => Changed?.Invoke(snapshot);
        _workers[worker.Id] = worker;
        return worker;
    }

    // After an absence the events that were missed are read off the world.
    private void OnEngineChanged(bool isReachable)
    {
        if (isReachable && _isResuming)
        {
            foreach (var worker in _workers.Values)
                worker.Look(wasUnattended: true);
        }

        foreach (var worker in _workers.Values)
            worker.Announce();
    }

    private void OnHappened(ServerId server, ServerEvent happened) => Happened?.Invoke(server, happened);

    private void OnEngineEvent(ContainerEvent happened)
    {
        if (happened.Kind is not (ContainerEventKind.Died or ContainerEventKind.Removed or ContainerEventKind.Started or ContainerEventKind.Renamed or ContainerEventKind.Paused))
            return;
        if (!ServerId.TryParse(happened.Attributes.GetValueOrDefault(ContainerLabels.ServerId), null, out var server) || Find(server) is not { } worker)
            return;
        LogEvent(_logger, server, happened.Kind);
        worker.Look(wasUnattended: false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Server {Server}: what was under way could not be gone on with")]
    private static partial void LogNotResumed(ILogger logger, ServerId server, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Server {Server}: the engine says {Kind}")]
    private static partial void LogEvent(ILogger logger, ServerId server, ContainerEventKind kind);
}

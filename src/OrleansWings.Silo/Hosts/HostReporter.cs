using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Usages;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// Tells the cluster about this host: joins, takes its wishes, sends changes at once and usage each second. Everything
/// it could not say it says again; the host itself never waits for it.
/// </summary>
internal sealed partial class HostReporter(
    HostServers servers, EngineWatch watch, ClusterIdentity cluster, UsageSampler sampler, MachineMeter meter, IGrainFactory grains, ClusterGate gate, ControlSilos controls, IServiceProvider services,
    TimeProvider time, ILogger<HostReporter> logger) : BackgroundService
{
    private static readonly TimeSpan s_usageEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_takeWishesEvery = TimeSpan.FromMinutes(1);

    private readonly Guid _incarnation = Guid.NewGuid();

    // While the cluster is away the oldest are dropped: the sums in the usage message tell the feed that it missed some.
    private readonly Channel<HostEvent> _events = Channel.CreateBounded<HostEvent>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly ConcurrentDictionary<ServerId, ServerSnapshot> _forRecords = new();
    private readonly SemaphoreSlim _recordsChanged = new(0);
    private HashSet<ServerId> _withoutRecord = [];

    /// <summary>Whether the cluster knows this host and the host knows its wishes.</summary>
    public bool HasJoined { get; private set; }

    private HostId Host => servers.Host.Host;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        servers.Changed += OnChanged;
        servers.Forgotten += server => _events.Writer.TryWrite(new HostEvent { Host = Host, Forgotten = server });
        watch.Changed += isReachable => _events.Writer.TryWrite(new HostEvent { Host = Host, IsEngineReachable = isReachable });
        await gate.Joined.WaitAsync(stoppingToken);
        foreach (var worker in servers.All)
            OnChanged(worker.GetSnapshot());
        await Task.WhenAll(
            RepeatAsync("joining", JoinAsync, s_takeWishesEvery, stoppingToken),
            RepeatAsync("sending usage", SendUsageAsync, s_usageEvery, stoppingToken),
            RepeatAsync("sending events", SendEventsAsync, TimeSpan.Zero, stoppingToken),
            RepeatAsync("writing records", SendRecordsAsync, TimeSpan.Zero, stoppingToken));
    }

    private async Task RepeatAsync(string what, Func<CancellationToken, Task> work, TimeSpan period, CancellationToken cancellationToken)
    {
        using var timer = period > TimeSpan.Zero ? new PeriodicTimer(period, time) : null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await controls.WaitForOneAsync(cancellationToken);
                await work(cancellationToken);
                if (timer is not null)
                    await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(logger, what, e);
                await Task.Delay(s_retryEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Repeated, so that a wish that was sent while this host was away arrives all the same.
    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        var fleet = grains.GetGrain<IFleetGrain>(0);
        await cluster.SetAsync(await fleet.GetClusterIdAsync());
        await fleet.RegisterHostAsync(Host);
        var host = grains.GetGrain<IHostGrain>(Host.Value);
        await host.ReportAsync(HostAgentGrain.HostFactsOf(servers));
        var withoutRecord = new HashSet<ServerId>();
        foreach (var server in await host.ListServersAsync())
        {
            try
            {
                await TakeWishAsync(host, server.Id, withoutRecord);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One record that cannot be read keeps nobody else's wishes away.
                LogWishFailed(logger, server.Id, e);
            }
        }

        _withoutRecord = withoutRecord;
        HasJoined = true;
    }

    // A server that is just being created holds its ports before its record is written: only one that has none twice is let go.
    private async Task TakeWishAsync(IHostGrain host, ServerId server, HashSet<ServerId> withoutRecord)
    {
        if (await grains.GetGrain<IServerRecordGrain>(server.Value).GetAssignmentAsync() is { } assignment)
            await servers.AssignAsync(assignment);
        else if (servers.Find(server) is not null)
            return;
        else if (_withoutRecord.Contains(server))
            await host.ReleaseAsync(server, isForgotten: true);
        else
            withoutRecord.Add(server);
    }

    private async Task SendUsageAsync(CancellationToken cancellationToken)
    {
        var samples = await sampler.SampleAsync(cancellationToken);
        var states = servers.All.Select(worker => worker.State).ToArray();
        await Stream<HostUsage>(WingsNames.UsageStream).OnNextAsync(new HostUsage
        {
            Host = Host,
            At = time.GetUtcNow(),
            Incarnation = _incarnation,
            IsEngineReachable = watch.IsReachable,
            Servers = samples,
            ServerCount = states.Length,
            RevisionSum = states.Sum(state => state.Revision),
            Load = meter.Measure(samples),
        });
    }

    private async Task SendEventsAsync(CancellationToken cancellationToken)
    {
        await _events.Reader.WaitToReadAsync(cancellationToken);
        var stream = Stream<HostEvent>(WingsNames.EventStream);
        while (_events.Reader.TryRead(out var happened))
            await stream.OnNextAsync(happened);
    }

    private async Task SendRecordsAsync(CancellationToken cancellationToken)
    {
        await _recordsChanged.WaitAsync(cancellationToken);
        Exception? failure = null;
        foreach (var (server, snapshot) in _forRecords)
        {
            try
            {
                var record = grains.GetGrain<IServerRecordGrain>(server.Value);
                await record.OnSnapshotAsync(snapshot);
                if (servers.Find(server)?.State is { IsDeleted: true } state && state.DeletedVersion == state.Assignment.Version)
                    await record.OnDeletionDoneAsync(state.DeletedVersion, arePurged: false);
                _forRecords.TryRemove(new(server, snapshot));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // The others first; this one again after the pause.
                failure ??= e;
            }
        }

        if (failure is null)
            return;
        _recordsChanged.Release();
        ExceptionDispatchInfo.Throw(failure);
    }

    private void OnChanged(ServerSnapshot snapshot)
    {
        _events.Writer.TryWrite(new HostEvent { Host = Host, Server = snapshot });
        // Pictures of one server come from several threads: an older one must not take a newer one's place.
        var kept = _forRecords.AddOrUpdate(snapshot.Id, snapshot, (_, waiting) => waiting.Revision >= snapshot.Revision ? waiting : snapshot);
        if (ReferenceEquals(kept, snapshot))
            _recordsChanged.Release();
    }

    private IAsyncStream<T> Stream<T>(string name)
        => services.GetRequiredKeyedService<IStreamProvider>(WingsNames.StreamProvider).GetStream<T>(StreamId.Create(name, Host.Value));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host failed at {What} and tries again")]
    private static partial void LogFailed(ILogger logger, string what, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: what is wished of it could not be read and is asked for again")]
    private static partial void LogWishFailed(ILogger logger, ServerId server, Exception exception);
}

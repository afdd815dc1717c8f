using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Usages;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// Tells the cluster about this host: joins, takes its wishes, sends changes at once and usage each second. Everything
/// it could not say it says again; the host itself never waits for it.
/// </summary>
internal sealed partial class HostReporter(
    HostServers servers, EngineWatch watch, ClusterIdentity cluster, UsageSampler sampler, IGrainFactory grains, IServiceProvider services,
    TimeProvider time, ILogger<HostReporter> logger) : BackgroundService
{
    private static readonly TimeSpan s_usageEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_takeWishesEvery = TimeSpan.FromMinutes(1);

    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly Channel<HostEvent> _events = Channel.CreateUnbounded<HostEvent>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<ServerId, ServerSnapshot> _forRecords = new();
    private readonly SemaphoreSlim _recordsChanged = new(0);

    /// <summary>Whether the cluster knows this host and the host knows its wishes.</summary>
    public bool HasJoined { get; private set; }

    private HostId Host => servers.Host.Host;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        servers.Changed += OnChanged;
        servers.Forgotten += server => _events.Writer.TryWrite(new HostEvent { Host = Host, Forgotten = server });
        watch.Changed += isReachable => _events.Writer.TryWrite(new HostEvent { Host = Host, IsEngineReachable = isReachable });
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
        await host.ReportAsync(HostAgentGrain.HostFactsOf(watch));
        foreach (var server in await host.ListServersAsync())
        {
            if (await grains.GetGrain<IServerRecordGrain>(server.Id.Value).GetAssignmentAsync() is { } assignment)
                await servers.AssignAsync(assignment);
            else if (servers.Find(server.Id) is null)
                await host.ReleaseAsync(server.Id, isForgotten: true);
        }

        HasJoined = true;
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
        foreach (var (server, snapshot) in _forRecords)
        {
            var record = grains.GetGrain<IServerRecordGrain>(server.Value);
            await record.OnSnapshotAsync(snapshot);
            if (servers.Find(server)?.State is { IsDeleted: true } state && state.DeletedVersion == state.Assignment.Version)
                await record.OnDeletionDoneAsync(state.DeletedVersion, arePurged: false);
            _forRecords.TryRemove(new(server, snapshot));
        }
    }

    private void OnChanged(ServerSnapshot snapshot)
    {
        _events.Writer.TryWrite(new HostEvent { Host = Host, Server = snapshot });
        if (_forRecords.TryGetValue(snapshot.Id, out var waiting) && waiting.Revision == snapshot.Revision)
            return;
        _forRecords[snapshot.Id] = snapshot;
        _recordsChanged.Release();
    }

    private IAsyncStream<T> Stream<T>(string name)
        => services.GetRequiredKeyedService<IStreamProvider>(WingsNames.StreamProvider).GetStream<T>(StreamId.Create(name, Host.Value));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host failed at {What} and tries again")]
    private static partial void LogFailed(ILogger logger, string what, Exception exception);
}

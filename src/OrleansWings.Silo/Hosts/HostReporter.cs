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
    HostServers servers, HostAddresses addresses, EngineWatch watch, ClusterIdentity cluster, StartGate starts, UsageSampler sampler, MachineMeter meter, IGrainFactory grains, ClusterGate gate, ControlSilos controls, IServiceProvider services,
    TimeProvider time, ILogger<HostReporter> logger) : BackgroundService
{
    private const int WishesAtOnce = 16;
    private static readonly TimeSpan s_usageEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_takeWishesEvery = TimeSpan.FromMinutes(1);

    private readonly Guid _incarnation = Guid.NewGuid();

    // While the cluster is away the oldest are dropped: the sums in the usage message tell the feed that it missed some.
    private readonly Channel<HostEvent> _events = Channel.CreateBounded<HostEvent>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    // Of their own, and few: an end of a process comes with fifty lines, and must not push pictures out. All of them are in the ledger.
    private readonly Channel<HostEvent> _happened = Channel.CreateBounded<HostEvent>(
        new BoundedChannelOptions(500) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    // After a longer silence the cluster may have gone on without us.
    private static readonly TimeSpan s_gap = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _joinNow = new(0);
    private long _usageSentAt = time.GetTimestamp();

    /// <summary>Whether the cluster knows this host and the host knows its wishes.</summary>
    public bool HasJoined { get; private set; }

    /// <summary>Why the cluster does not take this host, in words; null when it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>Asks for the wishes now, and not only at the next minute.</summary>
    public void JoinNow() => _joinNow.Release();

    private HostId Host => servers.Host.Host;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        servers.Changed += OnChanged;
        servers.Happened += (server, happened) => _happened.Writer.TryWrite(new HostEvent { Host = Host, Happened = new ServerHappening(server, happened) });
        servers.Forgotten += server => _events.Writer.TryWrite(new HostEvent { Host = Host, Forgotten = server });
        watch.Changed += isReachable => _events.Writer.TryWrite(new HostEvent { Host = Host, IsEngineReachable = isReachable });
        await gate.Joined.WaitAsync(stoppingToken);
        foreach (var worker in servers.All)
            OnChanged(worker.GetSnapshot());
        await Task.WhenAll(
            RepeatAsync("joining", JoinAndWaitAsync, TimeSpan.Zero, stoppingToken),
            RepeatAsync("sending usage", SendUsageAsync, s_usageEvery, stoppingToken),
            RepeatAsync("sending events", token => SendAsync(_events.Reader, token), TimeSpan.Zero, stoppingToken),
            RepeatAsync("sending what happened", token => SendAsync(_happened.Reader, token), TimeSpan.Zero, stoppingToken),
            _pictures.RunAsync(SendPictureAsync, stoppingToken),
            _wishes.RunAsync(TakeWishAgainAsync, stoppingToken));
    }

    private async Task RepeatAsync(string what, Func<CancellationToken, Task> work, TimeSpan period, CancellationToken cancellationToken)
    {
        using var timer = period > TimeSpan.Zero ? new PeriodicTimer(period, time) : null;
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await controls.WaitForOneAsync(cancellationToken);
                await work(cancellationToken);
                failures = 0;
                if (timer is not null)
                    await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Once when it begins, then each minute: the reason is the same for as long as somebody is away.
                if (failures++ % 60 == 0)
                    LogFailed(logger, what, e.Message.Split('\n')[0]);
                LogFailure(logger, what, e);
                await Task.Delay(s_retryEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Repeated, so that a wish that was sent while this host was away arrives all the same.
    private async Task JoinAndWaitAsync(CancellationToken cancellationToken)
    {
        while (_joinNow.CurrentCount > 0)
            await _joinNow.WaitAsync(cancellationToken);
        await JoinAsync(cancellationToken);
        using var minute = new CancellationTokenSource(s_takeWishesEvery, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(minute.Token, cancellationToken);
        await _joinNow.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var fleet = grains.GetGrain<IFleetGrain>(0);
        await IdentifyAsync(fleet);
        await fleet.RegisterHostAsync(Host);
        if (!HasJoined && await fleet.TakeRemovalAsync(Host) is { } removedAt)
            LogWasRemoved(logger, removedAt);
        var host = grains.GetGrain<IHostGrain>(Host.Value);
        await host.ReportAsync(HostAgentGrain.HostFactsOf(servers, addresses));
        var records = new ConcurrentDictionary<ServerId, ServerAssignment?>();
        var notEnded = await JudgeLedgerAsync(host, records, cancellationToken);
        starts.Open();
        await Parallel.ForEachAsync(await host.ListServersAsync(), AFewAtOnce(cancellationToken), async (server, _) =>
        {
            try
            {
                await TakeWishAsync(host, server, records.TryGetValue(server.Id, out var read) ? read : await ReadWishAsync(server.Id));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One record that cannot be read keeps nobody else's wishes away, and its own until it can be.
                LogWishFailed(logger, server.Id, e);
                _wishes.AskAgain(server.Id);
            }
        });

        servers.OnRecordsTaken(began);
        HasJoined = true;
        // Not for lack of a wish to be told: it is tried again in a second.
        if (notEnded is not null)
            ExceptionDispatchInfo.Throw(notEnded);
    }

    private async Task IdentifyAsync(IFleetGrain fleet)
    {
        try
        {
            await cluster.SetAsync(await fleet.ClaimClusterIdAsync(cluster.Known));
            Problem = null;
        }
        catch (InvalidOperationException e)
        {
            Problem = e.Message;
            throw;
        }
    }

    private static ParallelOptions AFewAtOnce(CancellationToken cancellationToken)
        => new() { MaxDegreeOfParallelism = WishesAtOnce, CancellationToken = cancellationToken };

    private async Task SendUsageAsync(CancellationToken cancellationToken)
    {
        var samples = await sampler.SampleAsync(cancellationToken);
        if (HasJoined && time.GetElapsedTime(_usageSentAt) > s_gap)
            JoinNow();
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
        _usageSentAt = time.GetTimestamp();
    }

    private async Task SendAsync(ChannelReader<HostEvent> events, CancellationToken cancellationToken)
    {
        await events.WaitToReadAsync(cancellationToken);
        var stream = Stream<HostEvent>(WingsNames.EventStream);
        while (events.TryRead(out var next))
            await stream.OnNextAsync(next);
    }

    private IAsyncStream<T> Stream<T>(string name)
        => services.GetRequiredKeyedService<IStreamProvider>(WingsNames.StreamProvider).GetStream<T>(StreamId.Create(name, Host.Value));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host failed at {What} and tries again each second: {Reason}")]
    private static partial void LogFailed(ILogger logger, string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This host was removed from the fleet at {At:u}: it joins as a new one, without the settings and pools it had.")]
    private static partial void LogWasRemoved(ILogger logger, DateTimeOffset at);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The host failed at {What}")]
    private static partial void LogFailure(ILogger logger, string what, Exception exception);
}

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Streams;
using Orleans.Streams.Core;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Placement;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// Hears one host's streams and says what it heard, and when it hears nothing. The host's counts tell whether something
/// was missed; then the host is asked for everything.
/// </summary>
[GrainType("host-feed"), HashBasedPlacement, Reentrant]
[ImplicitStreamSubscription(WingsNames.UsageStream), ImplicitStreamSubscription(WingsNames.EventStream)]
internal sealed partial class HostFeedGrain(IClusterMembershipService members, TimeProvider time, ILogger<HostFeedGrain> logger) : Grain, IHostFeedGrain, IStreamSubscriptionObserver
{
    /// <summary>Three missed messages, as the host sends one a second.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(3.5);

    /// <summary>How often it is looked at what membership says of one that is silent.</summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_firstAnswer = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ServerId, ServerListing> _servers = [];
    private HostSnapshot? _host;
    // For people, and for the silence: a machine's clock is set now and then.
    private DateTimeOffset? _heardAt;
    private long _heard;
    private IGrainTimer? _silence;
    private bool _isComplete;
    private Guid _incarnation;
    private bool _isEngineReachable = true;
    private bool _isForgotten;
    private Task? _asking;

    private HostId Id => new(this.GetPrimaryKeyString());

    private IFleetFeedGrain Fleet => GrainFactory.GetGrain<IFleetFeedGrain>(0);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _heard = time.GetTimestamp();
        _host = await GrainFactory.GetGrain<IHostGrain>(Id.Value).GetSnapshotAsync() with { Status = HostStatus.Unknown, StatusSince = time.GetUtcNow(), Load = null };
        _silence = this.RegisterGrainTimer(_ => CheckSilenceAsync(), new GrainTimerCreationOptions(s_silence, s_lookEvery) { Interleave = true, KeepAlive = true });
        _asking = AskHostAsync();
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        if (handleFactory.StreamId.GetNamespace() == WingsNames.UsageStream)
            await handleFactory.Create<HostUsage>().ResumeAsync((usage, _) => OnUsageAsync(usage));
        else
            await handleFactory.Create<HostEvent>().ResumeAsync((happened, _) => OnEventAsync(happened));
    }

    public Task ForgetAsync(ServerId server)
    {
        _servers.Remove(server);
        return CountAsync();
    }

    public async Task OnWishedAsync(ServerSnapshot kept)
    {
        if (_isForgotten)
            return;
        // Just newer than what is shown, and older than whatever the host says next.
        if (_servers.GetValueOrDefault(kept.Id)?.Snapshot is { } shown)
            await TakeAsync([shown with { IsDeleted = kept.IsDeleted, AsOf = shown.AsOf.AddTicks(1) }]);
        else
            await TakeAsync([kept with { IsReachable = false }]);
        await CountAsync();
    }

    public async Task ForgetHostAsync()
    {
        _isForgotten = true;
        await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { RemovedHosts = [Id] });
        DeactivateOnIdle();
    }

    public Task<HostSnapshot> GetHostAsync() => Task.FromResult(_host!);

    public async Task<FleetUpdate> GetUpdateAsync()
    {
        if (_servers.Count == 0 && _asking is { IsCompleted: false } asking)
        {
            await asking.WaitAsync(s_firstAnswer, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!asking.IsCompleted)
                await ShowRecordsOnceAsync();
        }

        return Everything();
    }

    public Task ResendAsync() => Fleet.OnHostUpdateAsync(Id, Everything());

    private FleetUpdate Everything() => new() { Servers = [.. _servers.Values], Hosts = [_host!], IsComplete = _isComplete };

    private async Task OnUsageAsync(HostUsage usage)
    {
        OnHeard();
        var samples = usage.Servers.ToDictionary(server => server.Server, server => server.Sample);
        var changed = ImmutableArray.CreateBuilder<ServerListing>();
        foreach (var (id, listing) in _servers.ToArray())
        {
            var sample = samples.GetValueOrDefault(id);
            if (sample is null && listing.Usage is null)
                continue;
            changed.Add(_servers[id] = listing with { Usage = sample });
        }

        var isNew = _incarnation != usage.Incarnation;
        _incarnation = usage.Incarnation;
        if (isNew || usage.ServerCount != _servers.Count || usage.RevisionSum != _servers.Values.Sum(server => server.Snapshot.Revision))
            Ask();
        await SetStatusAsync(usage.IsEngineReachable ? HostStatus.Ready : HostStatus.EngineUnreachable);
        HearLoad(usage);
        await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Servers = changed.ToImmutable(), Hosts = [_host!] });
        await CountAsync();
    }

    private void OnHeard() => (_heardAt, _heard) = (time.GetUtcNow(), time.GetTimestamp());

    private async Task CountAsync()
    {
        var count = _servers.Values.Count(server => !server.Snapshot.IsDeleted);
        if (_host!.ServerCount == count)
            return;
        _host = _host with { ServerCount = count };
        await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Hosts = [_host] });
    }

    private async Task OnEventAsync(HostEvent happened)
    {
        OnHeard();
        if (happened.Server is { } snapshot)
            await TakeAsync([snapshot]);
        if (happened.Forgotten is { } gone && _servers.Remove(gone))
            await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Removed = [gone] });
        // Many viewers get it, and few look at the lines: those are in the history.
        if (happened.Happened is { } happening)
            await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Happened = [happening with { Event = happening.Event with { LastLines = [] } }] });
        if (happened.IsEngineReachable is { } isReachable)
            await SetStatusAsync(isReachable ? HostStatus.Ready : HostStatus.EngineUnreachable);
    }

    private async Task TakeAsync(IEnumerable<ServerSnapshot> snapshots)
    {
        var changed = ImmutableArray.CreateBuilder<ServerListing>();
        foreach (var snapshot in snapshots)
        {
            var known = _servers.GetValueOrDefault(snapshot.Id);
            if (known is not null && (known.Snapshot.Epoch, known.Snapshot.Revision, known.Snapshot.AsOf).CompareTo((snapshot.Epoch, snapshot.Revision, snapshot.AsOf)) > 0)
                continue;
            var isRunning = snapshot.StartedAt is not null;
            changed.Add(_servers[snapshot.Id] = new ServerListing(snapshot, isRunning ? known?.Usage : null));
        }

        if (changed.Count > 0)
            await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Servers = changed.ToImmutable() });
    }

    private void Ask()
    {
        if (_asking is null || _asking.IsCompleted)
            _asking = AskHostAsync();
    }

    // Outside the stream's delivery, which waits for us: the host may be slow or away.
    private async Task AskHostAsync()
    {
        await Task.Yield();
        try
        {
            var snapshots = await GrainFactory.GetHostAgent(Id).ListServersAsync();
            var ids = snapshots.Select(snapshot => snapshot.Id).ToHashSet();
            var gone = _servers.Keys.Where(id => !ids.Contains(id)).ToImmutableArray();
            foreach (var id in gone)
                _servers.Remove(id);
            if (!gone.IsEmpty)
                await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Removed = gone });
            await TakeAsync(snapshots);
            _isComplete = true;
            var facts = await GrainFactory.GetHostAgent(Id).GetFactsAsync();
            _host = _host! with { Facts = facts ?? _host.Facts, ServerCount = _servers.Values.Count(server => !server.Snapshot.IsDeleted) };
            await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Hosts = [_host] });
        }
        catch (Exception e) when (e is HostUnreachableException or TimeoutException or OrleansException)
        {
            await ShowRecordsOnceAsync();
        }
        catch (Exception e)
        {
            // Nobody waits for this: the next message that counts otherwise asks again.
            LogNotAsked(logger, Id, e);
        }
    }

    private async Task ShowRecordsOnceAsync()
    {
        try
        {
            if (_servers.Count == 0)
                await ShowRecordsAsync();
        }
        catch (Exception e)
        {
            LogNotAsked(logger, Id, e);
        }
    }

    // The host is away and was not heard by this feed: what the records last knew, as not confirmed.
    private async Task ShowRecordsAsync()
    {
        foreach (var server in await GrainFactory.GetGrain<IHostGrain>(Id.Value).ListServersAsync())
        {
            if (!server.IsDeleted && await GrainFactory.GetGrain<IServerRecordGrain>(server.Id.Value).GetLastSnapshotAsync() is { } last)
                await TakeAsync([last with { IsReachable = false }]);
        }
    }

    private async Task CheckSilenceAsync()
    {
        if (_isForgotten)
            return;
        if (s_silence - time.GetElapsedTime(_heard) is var left && left > TimeSpan.Zero)
        {
            // Exactly when it is over: people are told within four seconds.
            _silence!.Change(left, s_lookEvery);
            return;
        }

        await SetStatusAsync(members.HasHost(Id) ? HostStatus.Silent : HostStatus.Lost);
        HearNothing();
    }

    private async Task SetStatusAsync(HostStatus status)
    {
        if (_host!.Status == status && _isEngineReachable == (status == HostStatus.Ready))
            return;
        _isEngineReachable = status == HostStatus.Ready;
        if (_host.Status is HostStatus.Silent or HostStatus.Lost && status is not (HostStatus.Silent or HostStatus.Lost))
            await GrainFactory.GetHostAgent(Id).TakeWishesAsync();
        _host = _host with
        {
            Status = status,
            StatusSince = time.GetUtcNow(),
            Problem = status switch
            {
                HostStatus.EngineUnreachable => "The host's Docker engine does not answer. Running servers may go on; nothing can be started or stopped.",
                HostStatus.Silent => "Nothing was heard of this host for some seconds. Its servers go on by themselves.",
                HostStatus.Lost => "The cluster goes on without this host: its machine is off, or cut off. Its servers wait for it.",
                _ => null,
            },
            LastHeardAt = _heardAt ?? _host.LastHeardAt,
            Load = status is HostStatus.Silent or HostStatus.Lost ? null : _host.Load,
        };
        foreach (var (id, listing) in _servers.ToArray())
            _servers[id] = listing with { Snapshot = listing.Snapshot with { IsReachable = status == HostStatus.Ready }, Usage = status is HostStatus.Silent or HostStatus.Lost ? null : listing.Usage };
        await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Servers = [.. _servers.Values], Hosts = [_host] });
        TellKeeper();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {Host}: its servers could not be listed and are asked for again")]
    private static partial void LogNotAsked(ILogger logger, HostId host, Exception exception);
}

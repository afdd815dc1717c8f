using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansWings.Client.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Hosts;

namespace OrleansWings.Silo.Fleets;

/// <summary>The whole fleet's live picture; wakes every host's feed when it wakes itself.</summary>
[GrainType("fleet-feed"), HashBasedPlacement, Reentrant]
internal sealed partial class FleetFeedGrain(TimeProvider time, ILogger<FleetFeedGrain> logger) : Grain, IFleetFeedGrain
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);
    // Each feed then says everything again, which repairs what was lost on the way; the picture tells viewers only what is new of it.
    private static readonly TimeSpan s_lookForHosts = TimeSpan.FromSeconds(10);

    private readonly FleetPicture _picture = new();
    private HashSet<HostId> _unlisted = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await TakeAllAsync(cancellationToken);
        this.RegisterGrainTimer(WakeHostsAsync, new GrainTimerCreationOptions(s_lookForHosts, s_lookForHosts) { Interleave = true });
    }

    public async IAsyncEnumerable<FleetUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in _picture.WatchAsync(s_pace, time, cancellationToken))
            yield return update;
    }

    public Task OnHostUpdateAsync(HostId host, FleetUpdate update)
    {
        _picture.Apply(update, host);
        return Task.CompletedTask;
    }

    // Before anybody watches: the first picture is taken for all there is, and what is not on it for gone.
    private async Task TakeAllAsync(CancellationToken cancellationToken)
    {
        var hosts = await GrainFactory.GetGrain<IFleetGrain>(0).ListHostsAsync();
        await Task.WhenAll(hosts.Select(async host =>
        {
            try
            {
                _picture.Apply(await GrainFactory.GetGrain<IHostFeedGrain>(host.Value).GetUpdateAsync(), host);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotWoken(logger, host, e);
            }
        }));
    }

    private async Task WakeHostsAsync(CancellationToken cancellationToken)
    {
        var hosts = await GrainFactory.GetGrain<IFleetGrain>(0).ListHostsAsync();
        RemoveUnlisted(hosts);
        foreach (var host in hosts)
        {
            try
            {
                await GrainFactory.GetGrain<IHostFeedGrain>(host.Value).ResendAsync();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One host whose record cannot be read must not hide the others.
                LogNotWoken(logger, host, e);
            }
        }
    }

    // Whoever was removed and spoke up once more. Twice in a row: one that joins may be heard before it is listed.
    private void RemoveUnlisted(IReadOnlyCollection<HostId> listed)
    {
        var unlisted = _picture.Hosts.Except(listed).ToHashSet();
        foreach (var host in unlisted.Intersect(_unlisted))
            _picture.Apply(new FleetUpdate { RemovedHosts = [host] });
        _unlisted = unlisted;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {Host}: its feed does not answer and is asked again")]
    private static partial void LogNotWoken(ILogger logger, HostId host, Exception exception);
}

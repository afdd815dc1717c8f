using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// The feed and the host's grain tell each other what the other lacks: the feed what it hears, the grain what it keeps.
/// The feed calls and the grain answers, never the other way round: so neither ever waits for one that waits for it.
/// </summary>
internal sealed partial class HostFeedGrain
{
    private const int TellEvery = 5;

    private HostUsage? _usage;
    private int _usagesUntold;
    private bool _isTelling;
    private bool _isToldStale;
    private readonly ClockSkew _clock = new();

    public Task OnKeptChangedAsync()
    {
        TellKeeper();
        return Task.CompletedTask;
    }

    private void HearLoad(HostUsage usage)
    {
        _usage = usage;
        _host = _host! with { Load = usage.Load, LastHeardAt = _heardAt, ClockAhead = _clock.Take(usage.Incarnation, usage.At, time.GetUtcNow()) };
        if (++_usagesUntold >= TellEvery)
            TellKeeper();
    }

    // What the keeper was told grows old, of a host that says nothing too: it would be taken for one that nobody asked about.
    private void HearNothing()
    {
        if (++_usagesUntold >= TellEvery)
            TellKeeper();
    }

    // Beside the stream's delivery, which waits for us; what changes meanwhile is told in one more call, however much it is.
    private void TellKeeper()
    {
        _isToldStale = true;
        if (!_isTelling)
            _ = TellKeeperAsync();
    }

    private HostHearing Hearing() => new()
    {
        Status = _host!.Status,
        StatusSince = _host.StatusSince,
        LastHeardAt = _heardAt,
        ClockAhead = _host.ClockAhead,
        Usage = _host.Status is HostStatus.Silent or HostStatus.Lost ? null : _usage,
    };

    private async Task TellKeeperAsync()
    {
        _isTelling = true;
        try
        {
            while (_isToldStale && !_isForgotten)
            {
                (_isToldStale, _usagesUntold) = (false, 0);
                var kept = await GrainFactory.GetGrain<IHostGrain>(Id.Value).OnHeardAsync(Hearing());
                if (_isForgotten)
                    return;
                _host = _host! with { Facts = kept.Facts ?? _host.Facts, Settings = kept.Settings, RemovingSince = kept.RemovingSince, Capacity = kept.Capacity };
                await Fleet.OnHostUpdateAsync(Id, new FleetUpdate { Hosts = [_host] });
            }
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or StoreUnreachableException)
        {
            // The keeper is away for a moment; it is told again with the next measurements.
        }
        finally
        {
            _isTelling = false;
        }
    }
}

using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>Tells the host what is wished, and again until it shows that it knows: nobody hears of a one-way message that is lost.</summary>
internal sealed partial class ServerRecordGrain
{
    // By then the host has asked by itself: it does once a minute, and whenever it joins.
    private const int MaxRepeats = 6;

    private IGrainTimer? _repeat;
    private int _repeats;

    private Task TellHostAsync()
    {
        _repeats = 0;
        _repeat ??= this.RegisterGrainTimer(RepeatAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        return SendWishAsync();
    }

    private Task RepeatAsync(CancellationToken cancellationToken) => _repeat is null || Assignment is null ? Task.CompletedTask : SendWishAsync();

    private Task SendWishAsync()
    {
        if (++_repeats <= MaxRepeats)
            _repeat!.Change(Backoff.After(_repeats), Timeout.InfiniteTimeSpan);
        // Never waited for: the host may be away, or wait for this record itself.
        return GrainFactory.GetServer(Id).ApplyAsync(Assignment!);
    }

    // One-way, as to the host: what the list shows until the host itself has spoken.
    private async Task TellFeedAsync()
        => await GrainFactory.GetGrain<IHostFeedGrain>(Assignment!.Host.Value).OnWishedAsync((await GetLastSnapshotAsync())!);

    // A picture is made of what is written down: a host that shows this wish has it.
    private void StopRepeating(ServerSnapshot snapshot)
    {
        if (_repeat is null || Assignment is not { } wish || (snapshot.Epoch, snapshot.SpecVersion).CompareTo((wish.Epoch, wish.Version)) < 0)
            return;
        _repeat.Dispose();
        _repeat = null;
    }
}

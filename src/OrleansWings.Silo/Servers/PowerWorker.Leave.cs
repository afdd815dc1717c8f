using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>A server that is about to be another host's; and one that no record knows: it goes on, and is shown as what it is.</summary>
public sealed partial class PowerWorker
{
    private volatile bool _isUnclaimed;
    private StartHold? _startHold;

    // Of a server that is being given away nobody would carry it out. Not by the wall clock, which may be set back meanwhile.
    private bool AreStartsHeld => Volatile.Read(ref _startHold) is { } hold && _host.Time.GetElapsedTime(hold.Since) < hold.Time;

    /// <summary>Takes no start for a while.</summary>
    /// <param name="time">How long; zero to take them again.</param>
    /// <returns>Its power state once all that was asked before is decided.</returns>
    internal async Task<PowerState> HoldStartsAsync(TimeSpan time)
    {
        Volatile.Write(ref _startHold, time > TimeSpan.Zero ? new StartHold(_host.Time.GetTimestamp(), time) : null);
        // Inputs are decided one after the other: with this one, which changes nothing before its time, all before it are.
        await AskAsync(new PowerInput.DeadlineReached()).ConfigureAwait(false);
        return State.Power;
    }

    /// <summary>Says whether the cluster's store knows nothing of it. In memory only: it is found out at each join.</summary>
    internal void SetUnclaimed(bool isUnclaimed)
    {
        if (_isUnclaimed == isUnclaimed)
            return;
        _isUnclaimed = isUnclaimed;
        Announce();
    }

    private sealed record StartHold(long Since, TimeSpan Time);
}

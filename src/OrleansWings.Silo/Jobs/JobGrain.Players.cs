using OrleansWings.Jobs;

namespace OrleansWings.Silo.Jobs;

/// <summary>Whose turn it may be while servers with players are left alone.</summary>
internal sealed partial class JobGrain
{
    // A job may have thousands that wait: some are asked each second, in turns.
    private const int CountedAtOnce = 32;

    private int _nextToCount;

    // How many in a row had somebody: all that wait, when it is as many.
    private int _taken;

    /// <summary>Those of the waiting servers that nobody is connected to, of some that are asked now; null where players are not looked at.</summary>
    private async Task<IReadOnlySet<int>?> FindEmptyAsync(DateTimeOffset now)
    {
        if (!JobRule.LooksAtPlayers(Job.Request!))
            return null;
        // No place is free, or it is not the time: nobody is asked.
        if (!JobRule.ToBegin(Job, now).Any())
            return new HashSet<int>();
        var waiting = Indexes(step => step.State == JobStepState.Waiting).ToArray();
        var asked = waiting.Where(i => i >= _nextToCount).Concat(waiting.Where(i => i < _nextToCount)).Take(CountedAtOnce).ToArray();
        _nextToCount = asked[^1] + 1;
        var counted = await Task.WhenAll(asked.Select(CountAsync));
        // Stored with the next thing that has to be: who comes and goes would be written each second.
        foreach (var (i, players) in counted)
            Job.Steps[i] = JobStepRule.Counted(Job.Steps[i], players);
        var empty = counted.Where(one => one.Players == 0).Select(one => one.Index).ToHashSet();
        _taken = empty.Count > 0 ? 0 : _taken + asked.Length;
        return empty;
    }

    private async Task<(int Index, int? Players)> CountAsync(int i)
    {
        var server = Job.Steps[i].Server;
        try
        {
            if (await fleet.GetServer(server).CountPlayersAsync() is { } players)
                return (i, players);
            // One that is gone has none: its turn says so.
            return (i, await LookAsync(i) is (_, null) ? 0 : null);
        }
        catch (Exception e)
        {
            LogNotSeen(logger, Id, server, e);
            return (i, null);
        }
    }

    // Counted again where it is asked now: between its turn and this a host may have been away for a minute.
    private async Task<bool> IsLeftAloneAsync(int i)
    {
        if (!JobRule.LooksAtPlayers(Job.Request!) || (await CountAsync(i)).Players == 0)
            return false;
        Put(i, JobStepRule.BackToWaiting(Job.Steps[i]));
        return true;
    }

    // Only while a place was free for any of them: what waits for a place does not wait for players.
    private void CountWait(TimeSpan passed, IReadOnlySet<int>? empty, DateTimeOffset now)
    {
        if (empty is { Count: 0 } && JobRule.ToBegin(Job, now).Any() && _taken >= Job.Steps.Count(step => step.State == JobStepState.Waiting))
            Job.WaitedForPlayers += passed;
    }
}

using Orleans.Clustering.Redis;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>
/// Who of a fleet is at work while no silo of ours is. A process that was killed leaves its entry as it was, and two
/// machines' clocks differ: so who lives is not read from a time, but seen from an entry that is renewed.
/// </summary>
internal static class LivingMembers
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Twice as long as a silo takes to renew its entry, and some.</summary>
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(12);

    /// <summary>The names of those that renew their entry; empty when none has one that could be renewed, or none does.</summary>
    /// <param name="table">The membership.</param>
    /// <param name="time">The time.</param>
    /// <param name="isMeant">Whose entries count, by their names; null for all.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(IMembershipTable table, TimeProvider time, Func<string, bool>? isMeant = null)
    {
        await table.InitializeMembershipTableAsync(false, CancellationToken.None).ConfigureAwait(false);
        isMeant ??= _ => true;
        var first = await ReadAsync(table, isMeant).ConfigureAwait(false);
        var since = time.GetTimestamp();
        while (first.Count > 0 && time.GetElapsedTime(since) < s_longEnough)
        {
            await Task.Delay(s_askEvery, time).ConfigureAwait(false);
            var now = await ReadAsync(table, isMeant).ConfigureAwait(false);
            var living = Renewed(first, now);
            if (living.Count > 0)
                return living;
        }

        return [];
    }

    /// <summary>Those of the second look that are new or were renewed since the first.</summary>
    internal static IReadOnlyList<string> Renewed(IReadOnlyDictionary<SiloAddress, MembershipEntry> first, IReadOnlyDictionary<SiloAddress, MembershipEntry> now)
        => [.. now.Values.Where(entry => !first.TryGetValue(entry.SiloAddress, out var before) || before.IAmAliveTime != entry.IAmAliveTime)
            .Select(entry => entry.SiloName).Distinct().Order(StringComparer.Ordinal)];

    private static async Task<Dictionary<SiloAddress, MembershipEntry>> ReadAsync(IMembershipTable table, Func<string, bool> isMeant)
    {
        try
        {
            var read = await table.ReadAllAsync(CancellationToken.None).ConfigureAwait(false);
            return read.Members.Select(member => member.Item1).Where(entry => entry.Status != SiloStatus.Dead && isMeant(entry.SiloName)).ToDictionary(entry => entry.SiloAddress);
        }
        catch (RedisClusteringException)
        {
            // No silo ever wrote a table.
            return [];
        }
    }
}

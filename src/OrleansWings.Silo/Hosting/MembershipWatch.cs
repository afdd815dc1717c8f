using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;

namespace OrleansWings.Silo.Hosting;

/// <summary>
/// Looks whether this silo is still one of its cluster. Orleans keeps the last table that it could read: after somebody emptied Redis,
/// those that went on and those that started would be two clusters, for ever; and after a cut it would find out late that it is dead.
/// </summary>
internal sealed partial class MembershipWatch(
    IServiceProvider services, ClusterGate gate, DeathNotice death, ProbeAnswers probes, TimeProvider time, ILogger<MembershipWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    // While the store is away: when it is back, what it says decides whether callers wait for this process to start anew.
    private static readonly TimeSpan s_everyWhenAway = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Joined.WaitAsync(stoppingToken);
        var table = (IMembershipTable)services.GetService(typeof(IMembershipTable))!;
        var membership = (IClusterMembershipService)services.GetService(typeof(IClusterMembershipService))!;
        var self = ((ILocalSiloDetails)services.GetService(typeof(ILocalSiloDetails))!).SiloAddress;
        var (misses, answeredAt, look) = (0, time.GetTimestamp(), MembershipLook.Member);
        while (true)
        {
            var (wait, from) = (look == MembershipLook.NotAsked ? s_everyWhenAway : s_every, time.GetTimestamp());
            await Task.Delay(wait, time, stoppingToken);
            var hasOthers = membership.CurrentSnapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self));
            if (MembershipRule.WhyEndAfter(time.GetElapsedTime(from) - wait, hasOthers) is { } stood)
                death.End(stood);
            look = await LookAsync(table, self);
            misses = look == MembershipLook.Missing ? misses + 1 : 0;
            if (look != MembershipLook.NotAsked)
                answeredAt = time.GetTimestamp();
            if (MembershipRule.WhyEnd(look, misses, time.GetElapsedTime(answeredAt), probes.Since, hasOthers) is { } why)
                death.End(why);
        }
    }

    private async Task<MembershipLook> LookAsync(IMembershipTable table, SiloAddress self)
    {
        try
        {
            return (await table.ReadAllAsync(CancellationToken.None)).TryGet(self) is not { Item1: var entry } ? MembershipLook.Missing
                : entry.Status == SiloStatus.Dead ? MembershipLook.Dead
                : MembershipLook.Member;
        }
        catch (RedisClusteringException)
        {
            return MembershipLook.Missing;
        }
        catch (Exception e)
        {
            LogNotAsked(logger, e.Message);
            return MembershipLook.NotAsked;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The membership could not be read: {Reason}")]
    private static partial void LogNotAsked(ILogger logger, string reason);
}

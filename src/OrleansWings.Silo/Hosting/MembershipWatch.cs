using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;

namespace OrleansWings.Silo.Hosting;

/// <summary>
/// Looks whether the cluster's store still has an entry of this silo. Orleans keeps the last table that it could read: after
/// somebody emptied Redis, those that went on and those that started would be two clusters, for ever.
/// </summary>
internal sealed partial class MembershipWatch(
    IServiceProvider services, ClusterGate gate, DeathNotice death, TimeProvider time, ILogger<MembershipWatch> logger) : BackgroundService
{
    private const int MaxMisses = 2;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Joined.WaitAsync(stoppingToken);
        var table = (IMembershipTable)services.GetService(typeof(IMembershipTable))!;
        var self = ((ILocalSiloDetails)services.GetService(typeof(ILocalSiloDetails))!).SiloAddress;
        using var timer = new PeriodicTimer(s_every, time);
        for (var misses = 0; await timer.WaitForNextTickAsync(stoppingToken);)
        {
            misses = await HasEntryAsync(table, self) is false ? misses + 1 : 0;
            if (misses >= MaxMisses)
                death.End("The cluster's store has no entry of this process: it was emptied or put back to an older copy.");
        }
    }

    // Null when the store could not be asked: that proves nothing.
    private async Task<bool?> HasEntryAsync(IMembershipTable table, SiloAddress self)
    {
        try
        {
            return (await table.ReadAllAsync(CancellationToken.None)).TryGet(self) is not null;
        }
        catch (RedisClusteringException)
        {
            return false;
        }
        catch (Exception e)
        {
            LogNotAsked(logger, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The membership could not be read: {Reason}")]
    private static partial void LogNotAsked(ILogger logger, string reason);
}

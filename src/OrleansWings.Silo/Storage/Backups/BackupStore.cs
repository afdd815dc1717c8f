using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Persistence.Redis;
using Orleans.Storage;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Storage.Moves;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage.Backups;

/// <summary>A fleet's Redis, opened for a backup or a restore: bytes go in and out through the provider that grains use.</summary>
internal static class BackupStore
{
    // All of a large fleet in one answer; a Redis that is away is not waited for as long.
    private static readonly TimeSpan s_answer = TimeSpan.FromMinutes(1);

    /// <param name="fleet">Where it is.</param>
    /// <param name="done">What was not done when it does not answer: "saved", "restored".</param>
    /// <param name="work">What is to be done.</param>
    /// <exception cref="BackupException">It does not answer, or stopped to.</exception>
    public static async Task<T> WithAsync<T>(FleetOptions fleet, string done, Func<IServiceProvider, IDatabase, Task<T>> work)
    {
        try
        {
            await using var store = await OpenStore.OpenRedisAsync(fleet, new RawStateSerializer(), why => new BackupException($"WINGS_REDIS: nothing was {done}. {why}")).ConfigureAwait(false);
            await using var patient = new RedisLink(fleet.Redis, TimeProvider.System, store.Services.GetRequiredService<ILogger<RedisLink>>(), s_answer);
            var connection = await patient.GetAsync().ConfigureAwait(false);
            // One call sees one node of it: what was saved would be a part.
            if (connection.GetServers().Any(server => server.ServerType == ServerType.Cluster))
                throw new BackupException($"WINGS_REDIS: {fleet.Store} is a Redis Cluster, which cannot be saved at one moment. Nothing was {done}. Use what it has for that.");
            return await work(store.Services, connection.GetDatabase()).ConfigureAwait(false);
        }
        catch (InconsistentStateException)
        {
            throw new BackupException($"WINGS_REDIS: somebody else writes to {fleet.Store} meanwhile. Stop every control process of the fleet and run the command again; it was not {done}.");
        }
        catch (Exception e) when (e is RedisStorageException || RedisLink.IsAway(e))
        {
            throw new BackupException($"Redis at {fleet.Store} failed in the middle: {StoreRefusal.WhyRefused(e) ?? e.Message.Split('\n')[0].Trim()} It was not {done}; run the command again.");
        }
    }
}

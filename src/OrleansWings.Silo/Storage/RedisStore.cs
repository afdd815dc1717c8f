using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage;

/// <summary>The cluster's store of a fleet: Orleans' Redis provider, with the same JSON as in state.db.</summary>
internal static class RedisStore
{
    public static ISiloBuilder AddWingsRedisStore(this ISiloBuilder silo, ConfigurationOptions configuration)
    {
        silo.AddRedisGrainStorage(WingsStore.Name, (RedisStorageOptions _) => { });
        silo.Services.AddOptions<RedisStorageOptions>(WingsStore.Name).Configure<RedisLink>((options, redis) =>
        {
            options.ConfigurationOptions = configuration;
            options.GrainStorageSerializer = new StoredStateSerializer();
            options.GetStorageKey = Key;
            options.CreateMultiplexer = async _ => (await redis.GetAsync(), false);
        });
        ReadableStorage.Wrap(silo.Services);
        return silo;
    }

    /// <summary>Where a grain's state lies. Part of the stored form: no cluster id, no class name in it.</summary>
    internal static RedisKey Key(string state, GrainId grain) => $"{WingsNames.ServiceId}/state/{state}/{grain.Key}";
}

using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence;
using Orleans.Storage;
using StackExchange.Redis;

namespace OrleansWings.Silo.Storage;

/// <summary>The cluster's store of a fleet: Orleans' Redis provider, with the same JSON as in state.db.</summary>
internal static class RedisStore
{
    /// <param name="silo">The silo.</param>
    /// <param name="configuration">Where it is.</param>
    /// <param name="serializer">Null for the one of grains.</param>
    public static ISiloBuilder AddWingsRedisStore(this ISiloBuilder silo, ConfigurationOptions configuration, IGrainStorageSerializer? serializer = null)
    {
        silo.AddRedisGrainStorage(WingsStore.Name, (RedisStorageOptions _) => { });
        silo.Services.AddOptions<RedisStorageOptions>(WingsStore.Name).Configure<RedisLink>((options, redis) =>
        {
            options.ConfigurationOptions = configuration;
            options.GrainStorageSerializer = serializer ?? new StoredStateSerializer();
            options.GetStorageKey = Key;
            options.CreateMultiplexer = async _ => (await redis.GetAsync(), false);
        });
        ReadableStorage.Wrap(silo.Services);
        return silo;
    }

    /// <summary>Where a grain's state lies. Part of the stored form: no cluster id, no class name in it.</summary>
    internal static RedisKey Key(string state, GrainId grain) => $"{Prefix}{state}/{grain.Key}";

    /// <summary>What the keys of all states begin with.</summary>
    internal static string Prefix => $"{WingsNames.ServiceId}/state/";
}

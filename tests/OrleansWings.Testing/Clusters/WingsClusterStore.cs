using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Persistence;
using OrleansWings.Silo.Storage;
using StackExchange.Redis;

namespace OrleansWings.Testing.Clusters;

/// <summary>What the control silos of a <see cref="WingsCluster"/> keep their states in.</summary>
public sealed record WingsClusterStore
{
    /// <summary>A Redis, as a fleet has it; null for a file, as one machine has it. Only the states: where grains are is kept by Orleans itself.</summary>
    public ConfigurationOptions? Redis { get; init; }

    /// <summary>Counts what is written; null for nobody.</summary>
    public StoreMeter? Meter { get; init; }

    internal void AddTo(ISiloBuilder silo, string file)
    {
        if (Redis is { } redis)
        {
            silo.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLink>(provider, redis));
            silo.AddWingsRedisStore(redis);
        }
        else
        {
            silo.AddWingsStore(file);
        }

        if (Meter is null)
            return;
        silo.Services.PostConfigure<RedisStorageOptions>(WingsStore.Name, options => options.GrainStorageSerializer = Meter.Around(options.GrainStorageSerializer));
        silo.Services.PostConfigure<AdoNetGrainStorageOptions>(WingsStore.Name, options => options.GrainStorageSerializer = Meter.Around(options.GrainStorageSerializer));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.Runtime.Hosting;
using OrleansWings.Certificates;
using OrleansWings.Silo.Certificates;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Hosting;

/// <summary>Makes a silo one of a fleet: membership in Redis, ports that others reach, and joining when the store answers.</summary>
internal static class FleetSilo
{
    public static ISiloBuilder UseWingsFleet(this ISiloBuilder silo, WingsSiloOptions options, FleetOptions fleet)
    {
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton(provider => new FleetDocuments(provider.GetRequiredService<RedisLink>()));
        silo.Services.AddSingleton<ClusterGate>();
        silo.Services.AddSingleton<DeathNotice>();
        silo.Services.AddSingleton<IFatalErrorHandler>(provider => provider.GetRequiredService<DeathNotice>());
        silo.Services.AddSingleton<ProbeAnswers>();
        silo.Services.AddSingleton(_ => new MemberNumber(options.DataFolder));
        silo.Services.Replace(ServiceDescriptor.Singleton<ILocalSiloDetails, MemberDetails>());
        silo.Services.AddSingleton<MemberPast>();
        silo.Services.AddHostedService<MembershipWatch>();
        silo.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLink>(provider, fleet.Redis));
        silo.AddWingsMembership(fleet);
        silo.ConfigureEndpoints(fleet.Address, fleet.SiloPort, options.Role == WingsRole.Host ? 0 : fleet.GatewayPort);
        if (fleet.Certificates is { } certificates)
            silo.UseWingsTls(certificates);
        silo.AddGrainDirectory(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY, (services, _) => ActivatorUtilities.CreateInstance<RedisGrainDirectory>(services));
        silo.Configure<ClusterMembershipOptions>(Tune);
        if (options.Role != WingsRole.Host)
            silo.AddWingsRedisStore(fleet.Redis);
        return silo;
    }

    /// <summary>Where the fleet's members are written down: in its store, under its cluster's id.</summary>
    public static void AddWingsMembership(this ISiloBuilder silo, FleetOptions fleet)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (WingsNames.ServiceId, fleet.ClusterId));
        silo.UseRedisClustering(_ => { });
        silo.Services.AddOptions<RedisClusteringOptions>().Configure<RedisLink>((clustering, redis) =>
        {
            clustering.ConfigurationOptions = fleet.Redis;
            clustering.CreateMultiplexer = async _ => (await redis.GetAsync(), false);
        });
    }

    /// <summary>Puts <see cref="FleetJoin"/> where Orleans' own service is, in the same place of the order.</summary>
    public static void StartSiloWhenStoreAnswers(this IServiceCollection services)
    {
        var own = services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.FullName == "Orleans.Hosting.SiloHostedService");
        services[services.IndexOf(own)] = ServiceDescriptor.Singleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<FleetJoin>(
            provider, () => (IHostedService)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!), (Func<MemberPast>)provider.GetRequiredService<MemberPast>));
    }

    // A silo is found dead after some 8 s of silence: long enough for a machine whose games take every core, short enough
    // for whoever waits. The longest probe is set too: Orleans takes nobody for dead of whom anything was heard within four
    // of it, and its own is 8 s long, so that a silo would be missed for 32 s. The shortest, so that a machine which mostly
    // answers in a millisecond is not given less when it is busy. A silo that died hard is forgotten after 15 s, so that after a power cut of the whole fleet
    // nobody waits for members that are not there. Nobody is given up for having begun to join long ago: that is told by two machines'
    // clocks, and a host whose clock is behind would never come in. One that died while it joined is found by the probes, as any other.
    private static void Tune(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = membership.MinProbeTimeout = membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 4;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
        membership.EvictWhenMaxJoinAttemptTimeExceeded = false;
    }
}

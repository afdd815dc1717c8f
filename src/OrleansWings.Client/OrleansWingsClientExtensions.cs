using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using OrleansWings.Certificates;
using OrleansWings.Client.Consoles;
using OrleansWings.Client.Fleets;
using OrleansWings.Client.Settings;
using OrleansWings.Consoles;
using OrleansWings.Fleets;

namespace OrleansWings.Client;

/// <summary>Makes a program one that runs a fleet from outside.</summary>
public static class OrleansWingsClientExtensions
{
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds <see cref="IFleet"/>, <see cref="IConsoleFeeds"/> and <see cref="IFleetFeed"/>, connected to the fleet that the settings name: <c>WINGS_REDIS</c>,
    /// <c>WINGS_REDIS_PASSWORD_FILE</c>, <c>WINGS_CERTIFICATES</c>, <c>WINGS_CLUSTER</c>, <c>WINGS_ALLOW_PLAIN_CLUSTER</c>. The connection begins with the program, waits for a fleet that is not there
    /// yet, and comes back by itself.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configuration">Where the settings stand: the environment, a file.</param>
    /// <exception cref="ClientSettingsException">A setting cannot be used; the message has every fault, each with its name.</exception>
    public static IServiceCollection AddOrleansWingsClient(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = ClientSettings.Read(configuration);
        services.AddOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (WingsNames.ServiceId, settings.ClusterId));
            client.UseRedisClustering((RedisClusteringOptions redis) => redis.ConfigurationOptions = settings.Redis);
            if (settings.Certificates is { } certificates)
                client.UseWingsTls(certificates);
            client.UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(s_retryEvery, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return !token.IsCancellationRequested;
            });
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFleet, FleetClient>();
        services.TryAddSingleton<IConsoleFeeds, FeedHub>();
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<FleetHub>(provider, Task.CompletedTask));
        services.TryAddSingleton<IFleetFeed>(provider => provider.GetRequiredService<FleetHub>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FleetHub>());
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using OrleansWings.Fleets;
using OrleansWings.Silo.Certificates;
using OrleansWings.Testing.Networks;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Testing.Fleets;

/// <summary>Panel code: a client of the cluster, from outside of it, with a certificate of its own.</summary>
public sealed class FleetPanel : IAsyncDisposable
{
    private readonly IHost _host;

    private FleetPanel(IHost host)
    {
        _host = host;
        Fleet = new FleetClient(Grains);
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The fleet as panel code sees it.</summary>
    public IFleet Fleet { get; }

    /// <summary>Connects, however long that takes.</summary>
    /// <param name="redis">The cluster's store.</param>
    /// <param name="papers">The fleet's CA.</param>
    /// <param name="machine">Where the panel's code runs; null for this machine.</param>
    public static async Task<FleetPanel> ConnectAsync(RedisServer redis, FleetPapers papers, Machine? machine = null)
    {
        var certificates = FleetCertificates.Load(await papers.MakeAsync("client", "panel"), new FleetIdentity(CertificateKind.Client, "panel"));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (WingsNames.ServiceId, WingsNames.ServiceId));
            client.UseRedisClustering((RedisClusteringOptions options) => options.ConfigurationOptions = redis.Options);
            client.UseWingsTls(certificates);
            if (machine is not null)
                NamespaceConnections.Use(client.Services, machine.Namespace);
            client.UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(200, token);
                return true;
            });
        });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var host = builder.Build();
        await host.StartAsync();
        return new FleetPanel(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

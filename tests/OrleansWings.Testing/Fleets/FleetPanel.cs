using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;
using OrleansWings.Client;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
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
        Fleet = host.Services.GetRequiredService<IFleet>();
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The fleet as panel code sees it.</summary>
    public IFleet Fleet { get; }

    /// <summary>The consoles as panel code sees them.</summary>
    public IConsoleFeeds Consoles => _host.Services.GetRequiredService<IConsoleFeeds>();

    /// <summary>Connects, however long that takes.</summary>
    /// <param name="redis">The cluster's store.</param>
    /// <param name="papers">The fleet's CA.</param>
    /// <param name="machine">Where the panel's code runs; null for this machine.</param>
    public static async Task<FleetPanel> ConnectAsync(RedisServer redis, FleetPapers papers, Machine? machine = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WINGS_REDIS"] = redis.Url,
            ["WINGS_REDIS_PASSWORD_FILE"] = redis.PasswordFile,
            ["WINGS_CERTIFICATES"] = await papers.MakeAsync("client", "panel"),
        });
        builder.Services.AddOrleansWingsClient(builder.Configuration);
        // This process is on no machine of the test's network: it goes there by ways of its own.
        builder.Services.Configure<RedisClusteringOptions>(clustering => clustering.ConfigurationOptions = redis.Options);
        if (machine is not null)
            NamespaceConnections.Use(builder.Services, machine.Namespace);
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

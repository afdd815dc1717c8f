using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansWings.Certificates;
using OrleansWings.Silo.Certificates;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Silo.Tests.Certificates;

/// <summary>A silo on real ports of the loopback address, with TLS. The first is the primary, which holds the membership.</summary>
internal sealed class TlsSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TlsSilo(IHost host, LogRecorder log, IPEndPoint port, IPEndPoint gateway) => (_host, Log, Port, Gateway) = (host, log, port, gateway);

    public LogRecorder Log { get; }

    public IPEndPoint Port { get; }

    public IPEndPoint Gateway { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IClusterMembershipService Membership => _host.Services.GetRequiredService<IClusterMembershipService>();

    public static async Task<TlsSilo> StartAsync(string name, FleetCertificates? certificates, TlsSilo? primary = null, LogRecorder? log = null)
    {
        var (port, gateway) = (new IPEndPoint(IPAddress.Loopback, FreePort.Find()), new IPEndPoint(IPAddress.Loopback, FreePort.Find()));
        log ??= new LogRecorder();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port.Port, gateway.Port, primary?.Port ?? port, "tls", "tls");
            // Two silos of which one does not trust the other declare each other dead.
            silo.Services.AddSingleton<IFatalErrorHandler>(new SiloDeaths());
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.Configure<ClusterMembershipOptions>(options => options.MaxJoinAttemptTime = TimeSpan.FromSeconds(5));
            if (certificates is not null)
                silo.UseWingsTls(certificates);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host, log, port, gateway);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host.StopAsync(limit.Token);
        _host.Dispose();
    }
}

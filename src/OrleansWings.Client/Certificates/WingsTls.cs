using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansWings.Certificates;

/// <summary>Mutual TLS on every connection of the cluster: nobody joins or calls who has no certificate of its CA.</summary>
public static class WingsTls
{
    // Orleans says a line or two for each connection that ends and each message that finds nobody, the refused ones too.
    private const string OrleansConnections = "Orleans.Runtime.Messaging.Connection";

    /// <summary>This client shows its certificate to gateways, and calls only through those of the fleet.</summary>
    /// <param name="client">The client.</param>
    /// <param name="certificates">Its certificates, of kind client.</param>
    public static IClientBuilder UseWingsTls(this IClientBuilder client, FleetCertificates certificates)
    {
        client.Services.AddWingsCertificates(certificates);
        client.Configure<ClientConnectionOptions>(connections
            => connections.ConfigureConnection(builder => builder.UseTls(certificates, PeerPurpose.GatewayOutbound)));
        return client;
    }

    internal static void AddWingsCertificates(this IServiceCollection services, FleetCertificates certificates)
    {
        services.TryAddSingleton(certificates);
        services.AddHostedService<CertificateWatch>();
        services.AddLogging(logging => logging.AddFilter(OrleansConnections, LogLevel.Error));
    }

    internal static void UseTls(
        this IConnectionBuilder builder, FleetCertificates certificates, PeerPurpose purpose, Func<EndPoint?, IReadOnlyCollection<FleetIdentity>?>? expected = null)
    {
        var logger = builder.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<TlsConnection>();
        var tls = new TlsConnection(certificates, purpose, new RefusalLog(logger, certificates.Time), expected ?? (_ => null));
        builder.Use(next => context => tls.RunAsync(context, next));
    }
}

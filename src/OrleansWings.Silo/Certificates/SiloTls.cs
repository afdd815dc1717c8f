using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansWings.Certificates;

namespace OrleansWings.Silo.Certificates;

/// <summary>Mutual TLS on every connection of a silo.</summary>
public static class SiloTls
{
    /// <summary>Members and callers of this silo must show a certificate, and this silo shows its own.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="certificates">Its certificates.</param>
    public static ISiloBuilder UseWingsTls(this ISiloBuilder silo, FleetCertificates certificates)
    {
        silo.Services.AddWingsCertificates(certificates);
        silo.Configure<SiloConnectionOptions>(connections =>
        {
            connections.ConfigureSiloInboundConnection(builder => builder.UseTls(certificates, PeerPurpose.SiloInbound));
            connections.ConfigureGatewayInboundConnection(builder => builder.UseTls(certificates, PeerPurpose.GatewayInbound));
            connections.ConfigureSiloOutboundConnection(builder => builder.UseTls(
                certificates, PeerPurpose.SiloOutbound, remote => ExpectedSilos.At(remote, builder.ApplicationServices.GetRequiredService<IClusterMembershipService>().CurrentSnapshot)));
        });
        return silo;
    }
}

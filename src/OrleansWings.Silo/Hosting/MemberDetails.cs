using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansWings.Silo.Hosting;

/// <summary>Who this silo is to the others: Orleans' own, but for the <see cref="MemberNumber"/>.</summary>
internal sealed class MemberDetails(IOptions<SiloOptions> silo, IOptions<ClusterOptions> cluster, IOptions<EndpointOptions> endpoints, MemberNumber number) : ILocalSiloDetails
{
    public string Name => silo.Value.SiloName;

    public string ClusterId => cluster.Value.ClusterId;

    public string DnsHostName { get; } = Dns.GetHostName();

    public SiloAddress SiloAddress { get; } = SiloAddress.New(endpoints.Value.AdvertisedIPAddress, endpoints.Value.SiloPort, number.Value);

    // Null where nobody but silos connects, as Orleans has it.
    public SiloAddress GatewayAddress { get; } = endpoints.Value.GatewayPort == 0 ? null! : SiloAddress.New(endpoints.Value.AdvertisedIPAddress, endpoints.Value.GatewayPort, 0);
}

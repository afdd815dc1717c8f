using OrleansWings.Certificates;
using OrleansWings.Hosts;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Silo.Certificates;

/// <summary>Whom a silo speaks for.</summary>
public static class SiloIdentity
{
    /// <summary>
    /// The certificate that a process needs. One that carries everything is a control: it has gateways and records, and
    /// whoever has those commands every host anyway.
    /// </summary>
    /// <param name="role">What the process carries.</param>
    /// <param name="host">Its name in the fleet.</param>
    public static FleetIdentity Of(WingsRole role, HostId host)
        => new(role == WingsRole.Host ? CertificateKind.Host : CertificateKind.Control, host.Value);
}

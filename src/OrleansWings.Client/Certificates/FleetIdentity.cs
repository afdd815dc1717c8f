using System.Security.Cryptography.X509Certificates;
using OrleansWings.Hosts;

namespace OrleansWings.Certificates;

/// <summary>What the holder of a certificate may be in the fleet.</summary>
public enum CertificateKind
{
    /// <summary>A silo that carries an engine.</summary>
    Host,

    /// <summary>A silo with the dashboard, records and gateways.</summary>
    Control,

    /// <summary>Panel code: it calls through a gateway and is no member.</summary>
    Client,

    /// <summary>The server of the cluster's store.</summary>
    Redis,
}

/// <summary>Whom a certificate speaks for, as its URI name says: "orleanswings:host:eu-1".</summary>
/// <param name="Kind">What it may be.</param>
/// <param name="Name">Its name: the form of a host's name, so that nothing printed of it can break a line.</param>
public readonly record struct FleetIdentity(CertificateKind Kind, string Name)
{
    private const string Scheme = "orleanswings:";

    /// <summary>The name in the certificate.</summary>
    public string Uri => $"{Scheme}{this}";

    /// <summary>Whether the holder may be a member of the cluster.</summary>
    public bool IsSilo => Kind is CertificateKind.Host or CertificateKind.Control;

    /// <summary>The identity behind a silo's name ("host:eu-1", "all:eu-1"); null when it is no name of ours.</summary>
    /// <param name="silo">The name that membership has.</param>
    public static FleetIdentity? OfSilo(string silo)
    {
        var parts = silo.Split(':', 2);
        return parts is [var role, var name] && HostId.IsValid(name)
            ? role switch
            {
                "host" => new(CertificateKind.Host, name),
                "control" or "all" => new(CertificateKind.Control, name),
                _ => null,
            }
            : null;
    }

    /// <summary>Reads the identity of a certificate; null when it has none or more than one. Says nothing about who signed it.</summary>
    /// <param name="certificate">The certificate.</param>
    public static FleetIdentity? Of(X509Certificate2 certificate)
    {
        var names = UriNames.Of(certificate).Where(uri => uri.StartsWith(Scheme, StringComparison.Ordinal)).ToList();
        return names is [var single] ? Parse(single) : null;
    }

    /// <summary>"host:eu-1".</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Name}";

    private static FleetIdentity? Parse(string uri)
    {
        foreach (var kind in Enum.GetValues<CertificateKind>())
        {
            var identity = new FleetIdentity(kind, uri[(uri.LastIndexOf(':') + 1)..]);
            if (identity.Uri == uri && HostId.IsValid(identity.Name))
                return identity;
        }

        return null;
    }
}

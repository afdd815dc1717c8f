using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>The fleet's small CA: makes the certificates that <see cref="PeerRules"/> reads.</summary>
public sealed class CertificateAuthority : IDisposable
{
    // A machine whose clock is behind the CA's can use its certificate at once; local time taken for UTC is up to 14 hours.
    private static readonly TimeSpan s_leeway = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The CA's certificate: what everybody of the fleet trusts.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>The key: who has it makes members of the fleet.</summary>
    public string KeyPem => KeyPemOf(_certificate);

    /// <summary>When the CA ends, and all it signed with it.</summary>
    public DateTimeOffset ExpiresAt => _certificate.NotAfter;

    /// <summary>Makes a new CA, for ten years.</summary>
    /// <param name="now">The time.</param>
    public static CertificateAuthority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        // Two installations' CAs are told apart by this; a chain would go wrong where they had the same name.
        var name = $"CN=OrleansWings CA {RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new(request.CreateSelfSigned(now - s_leeway, now.AddYears(10)));
    }

    /// <summary>Reads the CA of a folder.</summary>
    /// <param name="folder">The folder with ca.pem and ca.key.</param>
    /// <exception cref="CertificateFaultException">It cannot be used.</exception>
    public static CertificateAuthority Open(string folder)
    {
        var authority = CertificateFiles.ReadWithKey(Path.Combine(folder, CertificateFiles.Authority), Path.Combine(folder, CertificateFiles.AuthorityKey));
        if (authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
            return new(authority);
        authority.Dispose();
        throw new CertificateFaultException($"{Path.Combine(folder, CertificateFiles.Authority)}: is not a CA's certificate.");
    }

    /// <summary>The key of a certificate that was just made.</summary>
    /// <param name="certificate">The certificate.</param>
    public static string KeyPemOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Makes a certificate with a key of its own.</summary>
    /// <param name="identity">Whom it speaks for.</param>
    /// <param name="addresses">IP addresses and DNS names; only what connects to Redis looks at them.</param>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">How long it is valid; not longer than the CA.</param>
    public X509Certificate2 Issue(FleetIdentity identity, IEnumerable<string> addresses, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={identity.Name}, O=OrleansWings {identity.Kind.ToString().ToLowerInvariant()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(UsesOf(identity.Kind), critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(NamesOf(identity, addresses));
        using var certificate = request.Create(_certificate, now - s_leeway, now + lifetime, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <inheritdoc />
    public void Dispose() => _certificate.Dispose();

    private static OidCollection UsesOf(CertificateKind kind)
    {
        var uses = new OidCollection();
        if (kind is not CertificateKind.Client)
            uses.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (kind is not CertificateKind.Redis)
            uses.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return uses;
    }

    private static X509Extension NamesOf(FleetIdentity identity, IEnumerable<string> addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity.Uri));
        foreach (var address in addresses)
        {
            if (IPAddress.TryParse(address, out var ip))
                names.AddIpAddress(ip);
            else
                names.AddDnsName(address);
        }

        return names.Build();
    }
}

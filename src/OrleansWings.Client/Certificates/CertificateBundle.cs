using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>One reading of a folder of certificates, checked as a whole: never a new key with an old certificate.</summary>
internal sealed class CertificateBundle
{
    private CertificateBundle(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        Certificate = certificate;
        Authorities = authorities;
        // Offline: nothing is fetched to complete the chain; there is nothing between us and the CA.
        Context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Authorities { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>When the first of the certificate and its CA ends.</summary>
    public DateTimeOffset ExpiresAt { get; private init; }

    public static CertificateBundle Read(string folder, FleetIdentity self, DateTimeOffset now)
    {
        var authorityFile = Path.Combine(folder, CertificateFiles.Authority);
        var certificateFile = Path.Combine(folder, CertificateFiles.Certificate);
        var authorities = CertificateFiles.ReadAll(authorityFile);
        var certificate = CertificateFiles.ReadWithKey(certificateFile, Path.Combine(folder, CertificateFiles.Key));
        try
        {
            Check(certificate, certificateFile, authorities, authorityFile, self, now);
            return new(certificate, authorities) { ExpiresAt = EndOf(certificate, authorities) };
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    private static void Check(
        X509Certificate2 certificate, string file, X509Certificate2Collection authorities, string authorityFile, FleetIdentity self, DateTimeOffset now)
    {
        if (now > certificate.NotAfter)
            throw new CertificateFaultException($"{file}: expired at {PeerRules.Say(certificate.NotAfter)}; this machine's clock says {PeerRules.Say(now)}. Make a new one with 'orleans-wings certificates {Typed(self)}'.");
        if (now < certificate.NotBefore)
            throw new CertificateFaultException($"{file}: is valid from {PeerRules.Say(certificate.NotBefore)} on, and this machine's clock says {PeerRules.Say(now)}. Is the clock right?");
        if (PeerRules.CheckChain(certificate, authorities, now) is { } fault)
            throw new CertificateFaultException($"{file}: with {authorityFile}: {fault}.");
        if (FleetIdentity.Of(certificate) is not { } identity)
            throw new CertificateFaultException($"{file}: names nobody of a fleet. Make one with 'orleans-wings certificates {Typed(self)}'.");
        if (identity != self)
            throw new CertificateFaultException($"{file}: is for {identity}, and by WINGS_ROLE and WINGS_HOST this machine needs the one of {self}. Make it with 'orleans-wings certificates {Typed(self)}'.");
        if (!PeerRules.HasUse(certificate, server: false) || (self.IsSilo && !PeerRules.HasUse(certificate, server: true)))
            throw new CertificateFaultException($"{file}: is not made for {(self.IsSilo ? "both connecting and being connected to" : "connecting")}. Make one with 'orleans-wings certificates {Typed(self)}'.");
    }

    private static DateTimeOffset EndOf(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        // Of several CAs the one that signed this certificate counts; the others are about to come or to go.
        var own = authorities.Where(authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)).ToList();
        return own.Count == 0 ? certificate.NotAfter : new[] { certificate.NotAfter, own.Max(authority => authority.NotAfter) }.Min();
    }

    private static string Typed(FleetIdentity self) => $"{self.Kind.ToString().ToLowerInvariant()} {self.Name}";
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>What is in a folder of certificates, in plain words.</summary>
internal static class CertificateReport
{
    public static string Of(string folder, DateTimeOffset now, out bool isGood)
    {
        // A CA's own folder has no certificate.pem.
        if (Path.Exists(Path.Combine(folder, CertificateFiles.AuthorityKey)))
            return OfAuthority(folder, now, out isGood);
        using var certificate = CertificateFiles.ReadAll(Path.Combine(folder, CertificateFiles.Certificate))[0];
        var faults = FaultsOf(folder, certificate, now);
        isGood = faults.Count == 0;
        var identity = FleetIdentity.Of(certificate);
        return string.Join('\n', [
            $"kind:    {identity?.Kind.ToString().ToLowerInvariant() ?? "none of a fleet"}",
            $"name:    {identity?.Name ?? "none of a fleet"}",
            $"valid:   from {Say(certificate.NotBefore)} to {Say(certificate.NotAfter)}{Left(certificate, now)}",
            $"issuer:  {Printable(certificate.Issuer)}",
            isGood ? "The key fits, and the certificate is signed by the CA beside it." : $"Not good: {string.Join(" ", faults)}",
        ]);
    }

    private static string OfAuthority(string folder, DateTimeOffset now, out bool isGood)
    {
        using var authority = CertificateAuthority.Open(folder);
        isGood = now <= authority.ExpiresAt;
        return $"kind:    ca\nvalid:   to {Say(authority.ExpiresAt)}\n{(isGood ? "The key fits." : "Not good: it expired.")}";
    }

    private static List<string> FaultsOf(string folder, X509Certificate2 certificate, DateTimeOffset now)
    {
        var faults = new List<string>();
        try
        {
            CertificateFiles.ReadWithKey(Path.Combine(folder, CertificateFiles.Certificate), Path.Combine(folder, CertificateFiles.Key)).Dispose();
        }
        catch (CertificateFaultException e)
        {
            faults.Add(e.Message);
        }

        try
        {
            // Each kind is right for one purpose at least, so what is left is the certificate's own fault.
            var authorities = CertificateFiles.ReadAll(Path.Combine(folder, CertificateFiles.Authority));
            var purpose = FleetIdentity.Of(certificate)?.Kind == CertificateKind.Redis ? PeerPurpose.RedisOutbound : PeerPurpose.GatewayInbound;
            if (PeerRules.Check(certificate, authorities, purpose, now).Refusal is { } refusal)
                faults.Add($"{Path.Combine(folder, CertificateFiles.Certificate)}: {refusal}.");
        }
        catch (CertificateFaultException e)
        {
            faults.Add(e.Message);
        }

        return faults;
    }

    private static string Left(X509Certificate2 certificate, DateTimeOffset now)
        => now > certificate.NotAfter ? ", expired"
            : string.Create(CultureInfo.InvariantCulture, $", {(new DateTimeOffset(certificate.NotAfter) - now).TotalDays:0} days left");

    private static string Say(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // Anybody may have written it.
    private static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);
}

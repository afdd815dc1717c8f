using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansWings.Certificates;

/// <summary>
/// Decides who may be at the other end of a connection. Pure: everything it depends on is given. What a stranger wrote into a
/// certificate is never repeated, only names that have the form of ours, so a refusal is safe to log.
/// </summary>
public static class PeerRules
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Decides about a peer.</summary>
    /// <param name="peer">What it showed; null when it showed nothing.</param>
    /// <param name="authorities">This fleet's CA. Nothing else is trusted, also not what the system trusts.</param>
    /// <param name="purpose">What the connection is for.</param>
    /// <param name="now">The time.</param>
    /// <param name="expected">Who must be there, any one of them; null when only the kind is known.</param>
    public static PeerVerdict Check(
        X509Certificate2? peer, X509Certificate2Collection authorities, PeerPurpose purpose, DateTimeOffset now,
        IReadOnlyCollection<FleetIdentity>? expected = null)
    {
        if (peer is null)
            return new(null, "it showed no certificate");
        if (CheckChain(peer, authorities, now) is { } untrusted)
            return new(null, untrusted);
        if (FleetIdentity.Of(peer) is not { } identity)
            return new(null, $"its certificate {PrintOf(peer)} names nobody of this fleet");
        return new(identity, CheckClock(peer, identity, now) ?? CheckKind(identity, purpose) ?? CheckUse(peer, identity, purpose) ?? CheckName(identity, expected));
    }

    /// <summary>The start of the certificate's SHA-256: enough to find it, and safe to print.</summary>
    internal static string PrintOf(X509Certificate2 certificate)
        => $"(SHA-256 {Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256))[..16]}…)";

    internal static string Say(DateTimeOffset time)
        => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    internal static bool HasUse(X509Certificate2 certificate, bool server)
        => certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(uses => uses.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == (server ? ServerUse : ClientUse)));

    // The certificate's own dates are judged later, in words; here its CA's count too.
    internal static string? CheckChain(X509Certificate2 peer, X509Certificate2Collection authorities, DateTimeOffset now)
    {
        if (authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(peer.RawDataMemory.Span)))
            return "it showed the CA's own certificate, which is no machine's";
        using var chain = new X509Chain { ChainPolicy = PolicyFor(authorities, now) };
        chain.Build(peer);
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        // Two: the certificate and our CA. Nobody between them may sign.
        if ((faults & ~X509ChainStatusFlags.NotTimeValid) != 0 || chain.ChainElements.Count != 2)
            return $"its certificate {PrintOf(peer)} is not signed by this fleet's CA";
        var authorityCertificate = chain.ChainElements[1].Certificate;
        return now > authorityCertificate.NotAfter || now < authorityCertificate.NotBefore
            ? $"the fleet's CA is valid from {Say(authorityCertificate.NotBefore)} to {Say(authorityCertificate.NotAfter)}, and the clock here says {Say(now)}"
            : null;
    }

    /// <summary>How a chain is built: to our CA or not at all, and without asking anybody.</summary>
    internal static X509ChainPolicy PolicyFor(X509Certificate2Collection authorities, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A small CA has no list of what it took back: a lost machine's certificate ends with the CA that signed it.
            RevocationMode = X509RevocationMode.NoCheck,
            // Else a stranger's certificate could name an address that is then fetched from here.
            DisableCertificateDownloads = true,
            VerificationTime = now.LocalDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static string? CheckClock(X509Certificate2 peer, FleetIdentity identity, DateTimeOffset now)
        => now > peer.NotAfter ? $"the certificate of {identity} expired at {Say(peer.NotAfter)}; the clock here says {Say(now)}"
            : now < peer.NotBefore ? $"the certificate of {identity} begins at {Say(peer.NotBefore)}, and the clock here says {Say(now)}"
            : null;

    private static string? CheckKind(FleetIdentity identity, PeerPurpose purpose) => purpose switch
    {
        PeerPurpose.SiloInbound when !identity.IsSilo => $"{identity} may not connect to a silo's port: only host and control may",
        PeerPurpose.SiloOutbound when !identity.IsSilo => $"{identity} is no silo: only host and control may be one",
        PeerPurpose.GatewayInbound when !identity.IsSilo && identity.Kind != CertificateKind.Client
            => $"{identity} may not connect to a gateway: only client, host and control may",
        PeerPurpose.GatewayOutbound when identity.Kind != CertificateKind.Control => $"{identity} is no gateway: only control may be one",
        PeerPurpose.RedisOutbound when identity.Kind != CertificateKind.Redis => $"{identity} is not the store: only redis may be it",
        _ => null,
    };

    private static string? CheckUse(X509Certificate2 peer, FleetIdentity identity, PeerPurpose purpose)
    {
        var isServer = purpose is PeerPurpose.SiloOutbound or PeerPurpose.GatewayOutbound or PeerPurpose.RedisOutbound;
        return HasUse(peer, isServer) ? null : $"the certificate of {identity} is not made for {(isServer ? "being connected to" : "connecting")}";
    }

    private static string? CheckName(FleetIdentity identity, IReadOnlyCollection<FleetIdentity>? expected)
        => expected is null || expected.Contains(identity) ? null
            : expected.Count == 0 ? $"{identity} is where the cluster has a silo that is none of ours"
            : $"{identity} is where the cluster has {string.Join(" or ", expected.Order(Comparer<FleetIdentity>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))))}";
}

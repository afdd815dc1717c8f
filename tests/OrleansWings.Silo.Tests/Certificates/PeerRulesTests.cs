using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansWings.Certificates;
using static OrleansWings.Certificates.PeerPurpose;

namespace OrleansWings.Silo.Tests.Certificates;

public sealed class PeerRulesTests : IDisposable
{
    private readonly TestFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData("host:eu-1", SiloInbound, null)]
    [InlineData("control:a", SiloInbound, null)]
    [InlineData("client:panel", SiloInbound, "client:panel may not connect to a silo's port: only host and control may")]
    [InlineData("redis:store", SiloInbound, "redis:store may not connect to a silo's port: only host and control may")]
    [InlineData("host:eu-1", SiloOutbound, null)]
    [InlineData("control:a", SiloOutbound, null)]
    [InlineData("client:panel", SiloOutbound, "client:panel is no silo: only host and control may be one")]
    [InlineData("redis:store", SiloOutbound, "redis:store is no silo: only host and control may be one")]
    [InlineData("host:eu-1", GatewayInbound, null)]
    [InlineData("control:a", GatewayInbound, null)]
    [InlineData("client:panel", GatewayInbound, null)]
    [InlineData("redis:store", GatewayInbound, "redis:store may not connect to a gateway: only client, host and control may")]
    [InlineData("host:eu-1", GatewayOutbound, "host:eu-1 is no gateway: only control may be one")]
    [InlineData("control:a", GatewayOutbound, null)]
    [InlineData("client:panel", GatewayOutbound, "client:panel is no gateway: only control may be one")]
    [InlineData("redis:store", GatewayOutbound, "redis:store is no gateway: only control may be one")]
    [InlineData("redis:store", RedisOutbound, null)]
    [InlineData("host:eu-1", RedisOutbound, "host:eu-1 is not the store: only redis may be it")]
    [InlineData("control:a", RedisOutbound, "control:a is not the store: only redis may be it")]
    public void Check_Kind_MayOnlyWhatItIsFor(string identity, PeerPurpose purpose, string? refusal)
    {
        var verdict = Check(_fleet.Issue(identity), purpose);

        Assert.Equal(refusal, verdict.Refusal);
        Assert.Equal(TestFleet.Who(identity), verdict.Identity);
    }

    [Theory]
    [InlineData(SiloInbound)]
    [InlineData(SiloOutbound)]
    [InlineData(GatewayInbound)]
    [InlineData(GatewayOutbound)]
    [InlineData(RedisOutbound)]
    public void Check_StrangerOfAnyShape_IsRefusedForEveryPurpose(PeerPurpose purpose)
    {
        using var others = new TestFleet();

        Assert.Equal("it showed no certificate", Check(null, purpose).Refusal);
        foreach (var kind in new[] { "host:eu-1", "control:a", "client:panel", "redis:store" })
        {
            var verdict = Check(others.Issue(kind), purpose);
            Assert.EndsWith("is not signed by this fleet's CA", verdict.Refusal);
            Assert.Null(verdict.Identity);
        }

        Assert.Equal("it showed the CA's own certificate, which is no machine's", Check(_fleet.Trust[0], purpose).Refusal);
        Assert.EndsWith("is not signed by this fleet's CA", Check(SelfSigned("orleanswings:control:a"), purpose).Refusal);
    }

    [Fact]
    public void Check_CaOfTheSameNameWithAnotherKey_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest(_fleet.Trust[0].SubjectName, key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var twin = request.CreateSelfSigned(TestFleet.Now.AddDays(-1), TestFleet.Now.AddYears(3));

        Assert.EndsWith("is not signed by this fleet's CA", Check(SignedBy(twin, "orleanswings:host:eu-1"), SiloInbound).Refusal);
    }

    [Fact]
    public void Check_SignedByAMachinesCertificate_IsRefused()
    {
        using var machine = _fleet.Issue("host:eu-1");

        Assert.EndsWith("is not signed by this fleet's CA", Check(SignedBy(machine, "orleanswings:control:a"), SiloInbound).Refusal);
    }

    [Fact]
    public void Check_Expired_SaysWhoseAndSinceWhen()
    {
        var since = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        using var fleet = new TestFleet(since.AddDays(-20));
        using var peer = fleet.Issue("host:eu-1", since.AddDays(-10), TimeSpan.FromDays(10));

        Assert.Null(PeerRules.Check(peer, fleet.Trust, SiloInbound, since).Refusal);
        Assert.Equal("the certificate of host:eu-1 expired at 2026-03-01 12:00:00 UTC; the clock here says 2026-03-01 12:00:01 UTC",
            PeerRules.Check(peer, fleet.Trust, SiloInbound, since.AddSeconds(1)).Refusal);
    }

    [Fact]
    public void Check_ClockDaysBehind_SaysBothTimes()
    {
        var made = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        using var fleet = new TestFleet(made.AddDays(-3));
        using var peer = fleet.Issue("control:a", made);

        Assert.Equal("the certificate of control:a begins at 2026-03-01 12:00:00 UTC, and the clock here says 2026-03-01 11:00:00 UTC",
            PeerRules.Check(peer, fleet.Trust, SiloOutbound, made.AddHours(-25)).Refusal);
        Assert.Null(PeerRules.Check(peer, fleet.Trust, SiloOutbound, made.AddHours(-14)).Refusal);
    }

    [Fact]
    public void Check_CaExpired_SaysSo()
    {
        var made = new DateTimeOffset(2016, 3, 1, 12, 5, 0, TimeSpan.Zero);
        using var fleet = new TestFleet(made);
        using var peer = fleet.Issue("control:a", made.AddYears(9), TimeSpan.FromDays(365));

        Assert.StartsWith("the fleet's CA is valid from 2016-02-29 12:05:00 UTC to 2026-03-01 12:05:00 UTC",
            PeerRules.Check(peer, fleet.Trust, SiloOutbound, made.AddYears(11)).Refusal);
    }

    [Theory]
    [InlineData("host:eu-1", "host:eu-1", null)]
    [InlineData("host:eu-1", "host:eu-2 host:eu-1", null)]
    [InlineData("host:eu-1", "host:eu-2", "host:eu-1 is where the cluster has host:eu-2")]
    [InlineData("host:eu-1", "control:eu-1", "host:eu-1 is where the cluster has control:eu-1")]
    [InlineData("host:eu-1", "host:b control:a", "host:eu-1 is where the cluster has control:a or host:b")]
    [InlineData("host:eu-1", "", "host:eu-1 is where the cluster has a silo that is none of ours")]
    public void Check_ExpectedName_MustBeTheOne(string identity, string expected, string? refusal)
        => Assert.Equal(refusal, PeerRules.Check(_fleet.Issue(identity), _fleet.Trust, SiloOutbound, TestFleet.Now,
            [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TestFleet.Who)]).Refusal);

    [Theory]
    [InlineData("")]
    [InlineData("https://eu-1/")]
    [InlineData("orleanswings:boss:eu-1")]
    [InlineData("orleanswings:host:")]
    [InlineData("orleanswings:host:eu-1:x")]
    [InlineData("orleanswings:host:EU-1")]
    [InlineData("orleanswings:HOST:eu-1")]
    [InlineData("orleanswings:0:eu-1")]
    [InlineData("orleanswings:host:-eu")]
    [InlineData("orleanswings:host:a orleanswings:control:a")]
    public void Check_NameOfAnotherForm_NamesNobody(string uris)
        => Assert.EndsWith("names nobody of this fleet", Check(SignedByOurs(uris.Split(' ', StringSplitOptions.RemoveEmptyEntries)), SiloInbound).Refusal);

    [Fact]
    public void Check_OwnUriBesideAnother_IsRead()
        => Assert.Equal(TestFleet.Who("host:a"), Check(SignedByOurs(["https://eu-1/", "orleanswings:host:a"]), SiloInbound).Identity);

    [Theory]
    [InlineData(SiloInbound, false, "the certificate of host:a is not made for connecting")]
    [InlineData(SiloOutbound, true, "the certificate of host:a is not made for being connected to")]
    public void Check_WithoutTheUse_IsRefused(PeerPurpose purpose, bool hasClientUse, string refusal)
        => Assert.Equal(refusal, Check(SignedByOurs(["orleanswings:host:a"], hasClientUse ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1"), purpose).Refusal);

    [Fact]
    public void Check_WithoutAnyUse_IsRefused()
        => Assert.Equal("the certificate of host:a is not made for connecting", Check(SignedByOurs(["orleanswings:host:a"], null), SiloInbound).Refusal);

    [Fact]
    public void Check_OldAndNewCa_BothAreTrusted()
    {
        using var next = new TestFleet();
        X509Certificate2Collection both = [.. _fleet.Trust, .. next.Trust];

        Assert.True(PeerRules.Check(_fleet.Issue("host:a"), both, SiloInbound, TestFleet.Now).IsAccepted);
        Assert.True(PeerRules.Check(next.Issue("host:a"), both, SiloInbound, TestFleet.Now).IsAccepted);
    }

    private PeerVerdict Check(X509Certificate2? peer, PeerPurpose purpose) => PeerRules.Check(peer, _fleet.Trust, purpose, TestFleet.Now);

    private X509Certificate2 SignedByOurs(string[] uris, string? use = "1.3.6.1.5.5.7.3.2")
    {
        using var authority = X509Certificate2.CreateFromPem(_fleet.Authority.CertificatePem, _fleet.Authority.KeyPem);
        return Request(uris, use).Create(authority, TestFleet.Now.AddMinutes(-1), TestFleet.Now.AddDays(1), [1, 2, 3]);
    }

    private static X509Certificate2 SignedBy(X509Certificate2 issuer, string uri)
        => Request([uri], "1.3.6.1.5.5.7.3.2").Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!),
            TestFleet.Now.AddMinutes(-1), TestFleet.Now.AddDays(1), [1, 2, 3]);

    private static X509Certificate2 SelfSigned(string uri)
        => Request([uri], "1.3.6.1.5.5.7.3.2").CreateSelfSigned(TestFleet.Now.AddMinutes(-1), TestFleet.Now.AddDays(1));

    private static CertificateRequest Request(string[] uris, string? use)
    {
        var request = new CertificateRequest("CN=a", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("host.a.example");
        foreach (var uri in uris)
            names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        if (use is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        return request;
    }
}

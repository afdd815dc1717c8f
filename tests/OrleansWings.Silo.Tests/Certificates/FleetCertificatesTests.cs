using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Certificates;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Certificates;

public sealed class FleetCertificatesTests : IDisposable
{
    private readonly TestFleet _fleet = new();
    private readonly FakeTimeProvider _time = new(TestFleet.Now);

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData("ca.pem")]
    [InlineData("certificate.pem")]
    [InlineData("key.pem")]
    public void Load_FileMissing_NamesIt(string name)
    {
        var folder = _fleet.Write("host:eu-1");
        File.Delete(Path.Combine(folder, name));

        Assert.Equal($"{folder}/{name}: is missing. 'orleans-wings certificates' makes it.", FaultOf(folder));
    }

    [Theory]
    [InlineData("ca.pem", "has no certificate in PEM form (-----BEGIN CERTIFICATE-----) in it.")]
    [InlineData("certificate.pem", "has no certificate in PEM form (-----BEGIN CERTIFICATE-----) in it.")]
    [InlineData("key.pem", "is damaged, or no EC key in PEM form.")]
    public void Load_FileOfSomethingElse_NamesIt(string name, string fault)
    {
        var folder = _fleet.Write("host:eu-1");
        File.WriteAllText(Path.Combine(folder, name), "hello");

        Assert.Equal($"{folder}/{name}: {fault}", FaultOf(folder));
    }

    [Fact]
    public void Load_DamagedCertificate_NamesIt()
    {
        var folder = _fleet.Write("host:eu-1");
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        Assert.Equal($"{folder}/certificate.pem: is damaged, or no certificate in PEM form.", FaultOf(folder));
    }

    [Fact]
    public void Load_FolderInPlaceOfAFile_NamesIt()
    {
        var folder = _fleet.Write("host:eu-1");
        File.Delete(Path.Combine(folder, "ca.pem"));
        Directory.CreateDirectory(Path.Combine(folder, "ca.pem"));

        Assert.StartsWith($"{folder}/ca.pem: cannot be read: ", FaultOf(folder));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Load_KeyThatOthersMayUse_IsRefused(UnixFileMode mode)
    {
        var folder = _fleet.Write("host:eu-1");
        File.SetUnixFileMode(Path.Combine(folder, "key.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);

        Assert.Equal($"{folder}/key.pem: other users of this machine may read or change it. Run: chmod 600 {folder}/key.pem", FaultOf(folder));
    }

    [Fact]
    public void Load_KeyBehindALinkThatOthersMayUse_IsRefused()
    {
        var folder = _fleet.Write("host:eu-1");
        File.Move(Path.Combine(folder, "key.pem"), Path.Combine(folder, "real"));
        File.SetUnixFileMode(Path.Combine(folder, "real"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(Path.Combine(folder, "key.pem"), Path.Combine(folder, "real"));

        Assert.Contains("other users of this machine may read", FaultOf(folder));
    }

    [Fact]
    public void Load_KeyOfAnotherCertificate_NamesBoth()
    {
        var folder = _fleet.Write("host:eu-1");
        File.Copy(Path.Combine(_fleet.Write("host:eu-2"), "key.pem"), Path.Combine(folder, "key.pem"), overwrite: true);

        Assert.Equal($"{folder}/key.pem: does not belong to {folder}/certificate.pem. Copy both from the same folder.", FaultOf(folder));
    }

    [Fact]
    public void Load_OfAnotherCa_SaysSo()
    {
        using var others = new TestFleet();
        var folder = _fleet.Write("host:eu-1", others.Issue("host:eu-1"));

        Assert.Matches(@"/certificate\.pem: with .*/ca\.pem: its certificate \(SHA-256 [0-9a-f]{16}…\) is not signed by this fleet's CA\.$", FaultOf(folder));
    }

    [Theory]
    [InlineData("host:eu-2")]
    [InlineData("control:eu-1")]
    [InlineData("client:eu-1")]
    public void Load_ForAnotherNameOrKind_SaysWhichIsNeeded(string other)
    {
        var folder = _fleet.Write(other);

        Assert.Equal($"{folder}/certificate.pem: is for {other}, and by WINGS_ROLE and WINGS_HOST this machine needs the one of host:eu-1."
            + " Make it with 'orleans-wings certificates host eu-1'.", FaultOf(folder));
    }

    [Fact]
    public void Load_Expired_SaysSinceWhen()
    {
        var folder = _fleet.Write("host:eu-1", _fleet.Issue("host:eu-1", lifetime: TimeSpan.FromDays(1)));
        _time.Advance(TimeSpan.FromDays(2));

        Assert.Matches(@"/certificate\.pem: expired at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; this machine's clock says .* UTC\. Make a new one", FaultOf(folder));
    }

    [Fact]
    public void Load_ClockDaysBehind_SaysBothTimes()
    {
        var folder = _fleet.Write("host:eu-1", _fleet.Issue("host:eu-1", from: TestFleet.Now.AddHours(25)));

        Assert.Matches(@"/certificate\.pem: is valid from .* UTC on, and this machine's clock says .* UTC\. Is the clock right\?$", FaultOf(folder));
    }

    [Fact]
    public void Look_ReplacedFiles_AreUsed()
    {
        var certificates = _fleet.Load("host:eu-1", _time);
        var (watch, logger) = Watch(certificates);
        var old = certificates.Current.Certificate.Thumbprint;
        _fleet.Write("host:eu-1", _fleet.Issue("host:eu-1", lifetime: TimeSpan.FromDays(500)));

        watch.Look();

        Assert.NotEqual(old, certificates.Current.Certificate.Thumbprint);
        Assert.StartsWith("New certificates of host:eu-1 are in use, valid until ", Assert.Single(logger.Entries).Message);
    }

    [Fact]
    public void Look_HalfCopied_KeepsTheOldOnesSaysItOnceAndTakesTheWhole()
    {
        var certificates = _fleet.Load("host:eu-1", _time);
        var (watch, logger) = Watch(certificates);
        var folder = _fleet.Write("host:eu-1");
        File.Copy(Path.Combine(_fleet.Write("host:eu-2"), "key.pem"), Path.Combine(folder, "key.pem"), overwrite: true);
        var before = certificates.Current;

        watch.Look();
        watch.Look();

        Assert.Same(before, certificates.Current);
        Assert.Equal(LogLevel.Warning, Assert.Single(logger.Entries).Level);
        Assert.Contains("key.pem: does not belong to", certificates.Fault);

        _fleet.Write("host:eu-1");
        watch.Look();

        Assert.NotSame(before, certificates.Current);
        Assert.Null(certificates.Fault);
    }

    [Fact]
    public void Look_NearTheEnd_WarnsOnceADay()
    {
        var certificates = _fleet.Load("host:eu-1", _time, _fleet.Issue("host:eu-1", lifetime: TimeSpan.FromDays(32)));
        var (watch, logger) = Watch(certificates);
        watch.Look();
        Assert.False(certificates.ExpiresSoon);
        Assert.Empty(logger.Entries);

        _time.Advance(TimeSpan.FromDays(3));
        watch.Look();
        watch.Look();
        Assert.True(certificates.ExpiresSoon);
        Assert.Contains("expires at", Assert.Single(logger.Entries).Message);

        _time.Advance(TimeSpan.FromDays(30));
        watch.Look();
        Assert.Equal(LogLevel.Error, logger.Entries[^1].Level);
    }

    [Theory]
    [InlineData("10.1.2.3", null)]
    [InlineData("redis.example", null)]
    [InlineData("10.1.2.4", "the certificate of redis:store is not for the address '10.1.2.4'")]
    [InlineData("store", "the certificate of redis:store is not for the address 'store'")]
    public void CheckRedis_Address_MustBeInTheCertificate(string address, string? refusal)
    {
        using var redis = _fleet.Issue("redis:store", addresses: ["10.1.2.3", "redis.example"]);

        Assert.Equal(refusal, _fleet.Load("host:eu-1").CheckRedis(redis, address).Refusal);
    }

    private static (CertificateWatch, RecordingLogger<CertificateWatch>) Watch(FleetCertificates certificates)
    {
        var logger = new RecordingLogger<CertificateWatch>();
        return (new CertificateWatch(certificates, logger), logger);
    }

    private string FaultOf(string folder)
        => Assert.Throws<CertificateFaultException>(() => FleetCertificates.Load(folder, TestFleet.Who("host:eu-1"), _time)).Message;
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using OrleansWings.Gates;
using OrleansWings.Hosts;
using OrleansWings.Settings;

namespace OrleansWings.Tests.Gates;

public sealed class KnownHostsTests
{
    [Theory]
    [InlineData("localhost:8080", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("203.0.113.7", true)]
    [InlineData("build-01", true)]
    [InlineData("listened.example:8080", true)]
    [InlineData("games.example", true)]
    [InlineData("games.example:9", true)]
    [InlineData("certified.example", true)]
    [InlineData("a.wild.example", true)]
    [InlineData("a.b.wild.example", false)]
    [InlineData("attacker.example:8080", false)]
    [InlineData("localhost.attacker.example", false)]
    [InlineData("127.0.0.1.attacker.example", false)]
    [InlineData("127.0.0.1:99999", false)]
    [InlineData("", false)]
    public void IsOurs_Host_IsAnAddressOrAKnownName(string host, bool isOurs)
        => Assert.Equal(isOurs, Hosts().IsOurs(new HostString(host)));

    [Theory]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080", true)]
    [InlineData("http://localhost", "localhost", true)]
    [InlineData("http://localhost", "localhost:80", true)]
    [InlineData("http://[::1]:8080", "[::1]:8080", true)]
    // Behind a proxy with TLS that passes the name on, and says nothing of the scheme.
    [InlineData("https://other.example", "other.example", true)]
    // And behind one that asks by its own name: the name was set.
    [InlineData("https://games.example", "127.0.0.1:8080", true)]
    [InlineData("https://games.example:8443", "127.0.0.1:8080", false)]
    [InlineData("http://127.0.0.1:9000", "127.0.0.1:8080", false)]
    [InlineData("http://localhost:8080", "127.0.0.1:8080", false)]
    [InlineData("https://attacker.example", "127.0.0.1:8080", false)]
    [InlineData("null", "127.0.0.1:8080", false)]
    [InlineData("", "127.0.0.1:8080", false)]
    [InlineData("file:///x", "127.0.0.1:8080", false)]
    public void IsOurs_Origin_IsTheHostAndPortAskedOrASetName(string origin, string host, bool isOurs)
        => Assert.Equal(isOurs, Hosts().IsOurs(origin, new HostString(host)));

    private static KnownHosts Hosts()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("certified.example");
        names.AddDnsName("*.wild.example");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return new KnownHosts(new WingsOptions
        {
            DataFolder = "/none",
            DefaultHost = new HostId("here"),
            MachineName = "Build-01",
            Urls = [BindingAddress.Parse("http://listened.example:8080")],
            Hosts = ["games.example"],
            Certificate = request.CreateSelfSigned(now, now.AddDays(1)),
        });
    }
}

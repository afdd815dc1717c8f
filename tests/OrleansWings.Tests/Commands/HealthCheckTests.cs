using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansWings.Commands;
using OrleansWings.Settings;

namespace OrleansWings.Tests.Commands;

/// <summary>What a container's health check is told.</summary>
public sealed class HealthCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("https://0.0.0.0:8443", "https://127.0.0.1:8443/health/ready")]
    [InlineData("http://*:80", "http://127.0.0.1:80/health/ready")]
    [InlineData("http://games.example:8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("http://localhost:8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("http://[::]:8080", "http://[::1]:8080/health/ready")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/health/ready")]
    [InlineData("http://10.0.0.5:8080", "http://10.0.0.5:8080/health/ready")]
    public void ToAsk_ListenedAddress_IsReachedFromItsOwnMachine(string listened, string asked)
        => Assert.Equal(new Uri(asked), HealthCheck.ToAsk(Microsoft.AspNetCore.Http.BindingAddress.Parse(listened)));

    [Fact]
    public async Task Find_ProgramIsReady_IsNothing()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        Assert.Null(await FindAsync(program.Browser.BaseAddress!));
    }

    [Fact]
    public async Task Find_SomethingIsMissing_IsWhatTheProgramSays()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        program.Readiness.WhyNotReady = "the engine was not reached yet";

        Assert.Equal("not ready: the engine was not reached yet", await FindAsync(program.Browser.BaseAddress!));
    }

    [Fact]
    public async Task Find_NobodyListens_SaysSo()
        => Assert.Equal("http://127.0.0.1:9/health/ready does not answer: Connection refused", await FindAsync(new Uri("http://127.0.0.1:9")));

    [Fact]
    public async Task Find_AnotherProgramListens_IsNotTakenForOurs()
    {
        using var listener = Listen();
        _ = AnswerAsync(listener, stream => stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var url = UrlOf(listener, "http");

        Assert.Equal($"{url}health/ready answers (200), but not as OrleansWings does.", await FindAsync(url));
    }

    [Fact]
    public async Task Find_ConnectionIsTakenAndNeverAnswered_IsAFaultAfterThreeSeconds()
    {
        using var listener = Listen();
        var url = UrlOf(listener, "http");

        Assert.Equal($"{url}health/ready did not answer within 3 s.", await FindAsync(url));
    }

    [Fact]
    public async Task Find_TlsOnLoopback_AsksForNoName()
    {
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=games.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        using var listener = Listen();
        _ = AnswerAsync(listener, stream =>
        {
            var tls = new SslStream(stream);
            tls.AuthenticateAsServer(certificate);
            return tls;
        }, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready");

        Assert.Null(await FindAsync(UrlOf(listener, "https")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", "WINGS_URLS: port 0 is another one at every start, so nobody can be asked. Name a port.")]
    [InlineData("8080", "WINGS_URLS: '8080' is not an address to listen on. Write http://127.0.0.1:8080.")]
    public async Task Find_NobodyCanBeAsked_NamesTheSetting(string url, string fault) => Assert.Equal(fault, await FindAsync(url));

    private static Task<string?> FindAsync(Uri url) => FindAsync(url.GetLeftPart(UriPartial.Authority));

    private static Task<string?> FindAsync(string url) => HealthCheck.FindFaultAsync(new WingsMachine
    {
        MachineName = "here",
        IsRoot = true,
        HomeFolder = "/root",
        Environment = ImmutableDictionary<string, string>.Empty.Add("WINGS_URLS", url),
    });

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Uri UrlOf(TcpListener listener, string scheme) => new($"{scheme}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    private static async Task AnswerAsync(TcpListener listener, Func<Stream, Stream> wrap, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = wrap(client.GetStream());
        await stream.ReadAtLeastAsync(new byte[4_096], 1, cancellationToken: TestContext.Current.CancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
    }
}

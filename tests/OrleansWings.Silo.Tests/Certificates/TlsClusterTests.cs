using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Certificates;
using OrleansWings.Silo.Certificates;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Certificates;

/// <summary>Real silos on real sockets: who has the right certificate is served, and nobody else.</summary>
public sealed class TlsClusterTests : IDisposable
{
    private readonly TestFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task TwoSilos_EachWithItsCertificate_CallEachOther()
    {
        await using var first = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));
        await using var second = await TlsSilo.StartAsync("host:eu-1", _fleet.Load("host:eu-1"), first);

        var places = new HashSet<string>();
        for (var key = 0; key < 40; key++)
        {
            places.Add(await first.Grains.GetGrain<IEchoGrain>(key).WhereAsync());
            Assert.Equal(3_000_000, await second.Grains.GetGrain<IEchoGrain>(key).CountAsync(new byte[3_000_000]));
        }

        Assert.Equal(["control:a", "host:eu-1"], places.Order());
        Assert.Empty(first.Log.Refusals);
        Assert.Empty(second.Log.Refusals);
    }

    [Fact]
    public async Task Strangers_AtBothPorts_AreRefusedAndTheReasonIsSaid()
    {
        using var others = new TestFleet();
        await using var silo = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));
        using var good = _fleet.Issue("host:eu-1");
        using var panel = _fleet.Issue("client:panel");
        using var foreign = others.Issue("host:eu-1");
        using var expired = _fleet.Issue("host:eu-1", TestFleet.Now.AddMinutes(-1), TimeSpan.FromSeconds(10));
        using var store = _fleet.Issue("redis:store");

        Assert.True(await Stranger.IsLetInAsync(silo.Port, good));
        Assert.True(await Stranger.IsLetInAsync(silo.Gateway, panel));

        Assert.False(await Stranger.IsLetInAsync(silo.Port, panel));
        foreach (var port in new[] { silo.Port, silo.Gateway })
        {
            Assert.True(await Stranger.IsClosedAsync(port, "GET / HTTP/1.1\r\n\r\n"u8.ToArray()));
            Assert.False(await Stranger.IsLetInAsync(port, null));
            Assert.False(await Stranger.IsLetInAsync(port, foreign));
            Assert.False(await Stranger.IsLetInAsync(port, expired));
            Assert.False(await Stranger.IsLetInAsync(port, store));
            Assert.False(await Stranger.IsLetInAsync(port, good, SslProtocols.Tls12));
        }

        // Once a minute for an address, at each port.
        await Eventually.TrueAsync(() => silo.Log.Refusals.Count >= 2);
        Assert.Equal(2, silo.Log.Refusals.Count);
        Assert.StartsWith("Refused 127.0.0.1 at the silo's port: client:panel may not connect to a silo's port", silo.Log.Refusals[0]);
        Assert.StartsWith("Refused 127.0.0.1 at the gateway: it does not speak TLS 1.3", silo.Log.Refusals[1]);
    }

    [Fact]
    public async Task Flood_OfStrangers_DoesNotFillTheLog()
    {
        await using var silo = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));
        var before = silo.Log.Entries.Count(entry => entry.Level >= LogLevel.Information);

        for (var i = 0; i < 200; i++)
            Assert.True(await Stranger.IsClosedAsync(silo.Port, "nonsense that is no TLS at all"u8.ToArray()));

        var said = silo.Log.Entries.Where(entry => entry.Level >= LogLevel.Information).Skip(before).Select(entry => $"{entry.Category}: {entry.Message}").ToList();
        Assert.True(said.Count is >= 1 and <= 10, $"{said.Count} lines: {string.Join('\n', said.TakeLast(5))}");
    }

    [Fact]
    public async Task Silent_Connection_IsCutOffAtTheLimit()
    {
        var time = new FakeTimeProvider(TestFleet.Now);
        await using var silo = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a", time));
        using var client = new TcpClient();
        await client.ConnectAsync(silo.Port, TestContext.Current.CancellationToken);

        var closed = Stranger.IsClosedAsync(client);
        while (!closed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(await closed);
        await Eventually.TrueAsync(() => silo.Log.Refusals.Any(said => said.Contains("it did not say who it is within 10 s", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Client_WithItsCertificate_CallsThroughTheGateway()
    {
        await using var silo = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));

        Assert.Equal("hello", await CallAsync(silo, _fleet.Load("client:panel")));
    }

    [Fact]
    public async Task Client_WithoutTlsOrOfAnotherFleet_CannotCall()
    {
        using var others = new TestFleet();
        await using var silo = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(silo, null));
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(silo, others.Load("client:panel")));
        Assert.NotEmpty(silo.Log.Refusals);
    }

    [Fact]
    public async Task Client_AtAGatewayThatIsAHost_DoesNotTrustIt()
    {
        await using var silo = await TlsSilo.StartAsync("host:eu-1", _fleet.Load("host:eu-1"));

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(silo, _fleet.Load("client:panel")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silo_WithoutTlsOrOfAnotherFleet_CannotJoin(bool hasTls)
    {
        using var others = new TestFleet();
        await using var first = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));

        await Assert.ThrowsAnyAsync<Exception>(() => TlsSilo.StartAsync("host:eu-1", hasTls ? others.Load("host:eu-1") : null, first));

        Assert.Single(first.Membership.CurrentSnapshot.Members);
        Assert.NotEmpty(first.Log.Refusals);
    }

    [Fact]
    public async Task Silo_UnderAnothersName_IsNotConnectedTo()
    {
        await using var first = await TlsSilo.StartAsync("control:a", _fleet.Load("control:a"));
        await using var second = await TlsSilo.StartAsync("host:eu-2", _fleet.Load("host:eu-1"), first);
        var log = new LogRecorder();

        await Record.ExceptionAsync(async () => await (await TlsSilo.StartAsync("host:eu-3", _fleet.Load("host:eu-3"), first, log)).DisposeAsync());

        Assert.Contains(log.Refusals, said
            => said.StartsWith($"Not connected to {second.Port}: host:eu-1 is where the cluster has host:eu-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewal_ReplacedFiles_AreShownToTheNextConnection()
    {
        var time = new FakeTimeProvider(TestFleet.Now);
        var certificates = _fleet.Load("control:a", time);
        await using var silo = await TlsSilo.StartAsync("control:a", certificates);
        var old = certificates.ExpiresAt;
        _fleet.Write("control:a", _fleet.Issue("control:a", lifetime: TimeSpan.FromDays(100)));

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return certificates.ExpiresAt != old;
        });

        Assert.Equal(certificates.ExpiresAt.UtcDateTime, await Stranger.ReadExpiryAsync(silo.Gateway));
        Assert.Equal("hello", await CallAsync(silo, _fleet.Load("client:panel")));
    }

    private static async Task<string> CallAsync(TlsSilo silo, FleetCertificates? certificates)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(silo.Gateway.Port, "tls", "tls");
            if (certificates is not null)
                client.UseWingsTls(certificates);
        });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var answer = await host.Services.GetRequiredService<IClusterClient>().GetGrain<IEchoGrain>(1).EchoAsync("hello");
        await host.StopAsync(TestContext.Current.CancellationToken);
        return answer;
    }
}

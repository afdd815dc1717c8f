using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using OrleansWings.Commands;
using OrleansWings.Settings;

namespace OrleansWings.Tests.Settings;

public sealed class UrlProbeTests
{
    [Fact]
    public void Check_FreePort_Passes() => UrlProbe.Check([BindingAddress.Parse("http://127.0.0.1:0"), BindingAddress.Parse("http://[::1]:0")]);

    [Fact]
    public void Check_TakenPort_NamesTheSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        var e = Assert.Throws<CannotStartException>(() => UrlProbe.Check([BindingAddress.Parse(url)]));

        Assert.Equal($"WINGS_URLS: {url} is taken by another program. Stop that one, or choose another address.", e.Message);
    }

    [Fact]
    public void Check_AddressOfAnotherMachine_SaysSo()
    {
        var e = Assert.Throws<CannotStartException>(() => UrlProbe.Check([BindingAddress.Parse("http://192.0.2.1:8080")]));

        Assert.Equal("WINGS_URLS: http://192.0.2.1:8080 is no address of this machine.", e.Message);
    }
}

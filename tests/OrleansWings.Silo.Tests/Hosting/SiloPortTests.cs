using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Tests.Consoles;

namespace OrleansWings.Silo.Tests.Hosting;

public sealed class SiloPortTests
{
    [Fact]
    public async Task Connect_OfAStranger_IsClosedWhileTheSiloServesItsOwnProcess()
    {
        using var folder = new TempFolder();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddWingsSilo(new WingsSiloOptions
        {
            Role = WingsRole.Control,
            Host = new HostId("here"),
            DataFolder = folder.Path,
            Engine = new Uri("unix:///nowhere"),
        });
        using var program = builder.Build();
        await program.StartAsync(TestContext.Current.CancellationToken);

        using var stranger = new TcpClient();
        Assert.True(await IsClosedAsync(stranger, program.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint));
        Assert.Empty(await program.Services.GetRequiredService<IFleet>().ListHostsAsync());
        await program.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<bool> IsClosedAsync(TcpClient client, IPEndPoint silo)
    {
        try
        {
            await client.ConnectAsync(silo, TestContext.Current.CancellationToken);
            // A silo that takes a connection begins to talk; a refused one ends without a byte.
            return await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.ConnectionRefused)
        {
            // Closed so quickly that the connection was gone before it was there. Refused would mean that nobody listens.
            return true;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Tests.Storage;

public sealed class StoreKnockTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_SomebodyListensAtOneOfThem_Returns()
    {
        using var store = Listen();
        await StoreKnock.WaitAsync([Nobody(), store.LocalEndpoint], TimeProvider.System, s_token);
    }

    [Fact]
    public async Task Wait_SomebodyComes_ReturnsWhileItWaits()
    {
        var door = Nobody();
        var waiting = StoreKnock.WaitAsync([door], TimeProvider.System, s_token);
        Assert.False(waiting.IsCompleted);
        using var store = new TcpListener(door);
        store.Start();
        await waiting;
    }

    [Fact]
    public async Task Wait_NobodyIsThere_SaysWhy()
    {
        var nobody = await Assert.ThrowsAsync<IOException>(() => StoreKnock.WaitAsync([Nobody()], TimeProvider.System, s_token));
        Assert.Equal("Connection refused", nobody.Message);
    }

    [Fact]
    public async Task Wait_NothingIsHeard_SaysSo()
    {
        // Its queue is full: whoever comes next is not answered.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!, s_token);
        var nobody = await Assert.ThrowsAsync<IOException>(() => StoreKnock.WaitAsync([full.LocalEndPoint!], TimeProvider.System, s_token));
        Assert.Equal("nothing is heard from there.", nobody.Message);
    }

    [Fact]
    public async Task Wait_CalledOff_Ends()
    {
        using var off = new CancellationTokenSource();
        var waiting = StoreKnock.WaitAsync([Nobody()], TimeProvider.System, off.Token);
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static IPEndPoint Nobody()
    {
        using var gone = Listen();
        return (IPEndPoint)gone.LocalEndpoint;
    }
}

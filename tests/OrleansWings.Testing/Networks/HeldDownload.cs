using System.Net.Sockets;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Testing.Networks;

/// <summary>Another address of a server beside the tests' engine, by which a long answer stops half-way until it is let go on: what is told of it meanwhile is no race.</summary>
public sealed class HeldDownload : IAsyncDisposable
{
    private readonly Socket _listener = NamespaceSocket.Listen();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _port;
    private readonly long _heldAfter;

    /// <summary>Listens at once.</summary>
    /// <param name="port">The server's, on the loopback there.</param>
    /// <param name="heldAfter">How many bytes a connection brings before it waits.</param>
    public HeldDownload(int port, long heldAfter)
    {
        (_port, _heldAfter) = (port, heldAfter);
        _ = AcceptAsync();
    }

    /// <summary>"127.0.0.1:port".</summary>
    public string Address => _listener.LocalEndPoint!.ToString()!;

    /// <summary>Lets everything through from now on.</summary>
    public void GoOn() => _goOn.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = PassAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var server = await NamespaceSocket.ConnectAsync(RealEngine.Namespace ?? "/proc/self/ns/net", _port, _stop.Token);
                await Task.WhenAll(CopyAsync(client, server, long.MaxValue), CopyAsync(server, client, _heldAfter));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One side went: the other is closed with it.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, long heldAfter)
    {
        var (buffer, passed) = (new byte[64 * 1024], 0L);
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            if ((passed += count) > heldAfter)
                await _goOn.Task.WaitAsync(_stop.Token);
        }

        // Closed while the other way is still read, it would be reset, and with it what is on its way.
        to.Shutdown(SocketShutdown.Send);
    }
}

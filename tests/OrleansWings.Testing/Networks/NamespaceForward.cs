using System.Net;
using System.Net.Sockets;

namespace OrleansWings.Testing.Networks;

/// <summary>A port of this machine that leads to one of a namespace's loopback: for a browser, which cannot go there.</summary>
public sealed class NamespaceForward : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _namespace;
    private readonly int _port;

    public NamespaceForward(string file, int port)
    {
        (_namespace, _port) = (file, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var there = await NamespaceSocket.ConnectAsync(_namespace, _port, _stop.Token);
                await using var near = client.GetStream();
                await using var far = new NetworkStream(there);
                await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // One side went: the other is closed with it.
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace OrleansWings.Containers.Tests.Engines;

/// <summary>Makes a unix socket reachable by address on the loopback.</summary>
internal sealed class SocketRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly string _path;
    private readonly Task _running;

    public SocketRelay(string path)
    {
        _path = path;
        _listener.Start();
        Address = new Uri($"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _running = RunAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
            _ = RelayAsync(await _listener.AcceptSocketAsync(_ending.Token));
    }

    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await far.ConnectAsync(new UnixDomainSocketEndPoint(_path), _ending.Token);
        await using var nearStream = new NetworkStream(near, ownsSocket: true);
        await using var farStream = new NetworkStream(far);
        await Task.WhenAny(nearStream.CopyToAsync(farStream, _ending.Token), farStream.CopyToAsync(nearStream, _ending.Token));
    }
}

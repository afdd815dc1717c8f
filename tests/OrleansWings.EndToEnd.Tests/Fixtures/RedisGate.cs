using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>A way to Redis that passes everything on, until a command comes that the test wants held: then a program can be killed before it.</summary>
internal sealed class RedisGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _port;
    private readonly string _text;
    private int _passes;

    /// <summary>Holds the first command that has the text in it, after so many of them have passed.</summary>
    public RedisGate(int port, string text, int passes)
    {
        (_port, _text, _passes) = (port, text, passes);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"redis://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Completes when the command has come; Redis never sees it.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>From here on everything passes that was not held.</summary>
    public void Open() => _passes = int.MaxValue;

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
        using var redis = new TcpClient();
        using (client)
        {
            try
            {
                await redis.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                await Task.WhenAny(CopyAsync(client, redis, isCommand: true), CopyAsync(redis, client, isCommand: false));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // One side went: the other is closed with it.
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isCommand)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (isCommand && Encoding.UTF8.GetString(buffer, 0, count).Contains(_text, StringComparison.Ordinal) && Interlocked.Decrement(ref _passes) < 0)
            {
                _reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}

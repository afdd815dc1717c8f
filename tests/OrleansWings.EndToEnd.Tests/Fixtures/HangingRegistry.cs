using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>An image registry that greets and then never answers, until told that it has no such image.</summary>
internal sealed class HangingRegistry : IAsyncDisposable
{
    private readonly Socket _listener = NamespaceSocket.Listen();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _asked = new(0);
    private readonly Task _accepting;

    public HangingRegistry() => _accepting = AcceptAsync();

    /// <summary>An image that is to be pulled from here.</summary>
    public string Image => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/hanging:latest";

    /// <summary>Waits until an engine asked for an image and hangs.</summary>
    public async Task WaitUntilAskedAsync()
        => Assert.True(await _asked.WaitAsync(TimeSpan.FromSeconds(60)), "No engine asked the registry for an image.");

    /// <summary>From now on "there is no such image" is answered, also to who waits.</summary>
    public void AnswerThatNothingIsThere() => _answers.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
    }

    private async Task ServeAsync(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                var request = Encoding.ASCII.GetString(buffer, 0, count);
                var isPing = request.Contains(" /v2/ ", StringComparison.Ordinal);
                // The engine tries TLS first and, on a loopback address, goes on in the clear when that is no TLS.
                if (request.StartsWith("GET ", StringComparison.Ordinal) || request.StartsWith("HEAD ", StringComparison.Ordinal))
                {
                    if (!isPing)
                    {
                        _asked.Release();
                        await _answers.Task.WaitAsync(_stop.Token);
                    }

                    await stream.WriteAsync(Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 {(isPing ? "200 OK" : "404 Not Found")}\r\nDocker-Distribution-Api-Version: registry/2.0\r\nContent-Length: 0\r\n\r\n"), _stop.Token);
                    continue;
                }

                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The engine went, or the test ended.
        }
    }
}

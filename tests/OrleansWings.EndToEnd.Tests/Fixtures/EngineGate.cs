using System.Net.Sockets;
using System.Text;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>
/// A way to the engine with a gate in it: it passes everything on, until a request comes that the test wants held. So a
/// program can be killed exactly between two of its steps.
/// </summary>
internal sealed class EngineGate : IAsyncDisposable
{
    public const string SocketName = "gate.sock";

    private readonly string _folder = Directory.CreateTempSubdirectory("ow-gate-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _engine;
    private readonly Task _accepting;
    private GateHold? _hold;

    public EngineGate(Uri engine)
    {
        _engine = engine.LocalPath;
        var path = Path.Combine(_folder, SocketName);
        Address = new Uri($"unix://{path}");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Holds the next request whose first line has all these parts in it.</summary>
    public GateHold HoldNext(params string[] parts) => _hold = new GateHold(parts);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptAsync(_stop.Token);
            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(_engine), _stop.Token);
                await Task.WhenAll(CopyAsync(client, engine, isRequest: true), CopyAsync(engine, client, isRequest: false));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side went: the other is closed with it.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isRequest)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                // A request is written at once, so its first line begins what was received.
                if (isRequest && _hold is { } hold && hold.Fits(Encoding.ASCII.GetString(buffer, 0, Math.Min(count, 1024))))
                {
                    _hold = null;
                    if (!await hold.WaitAsync(_stop.Token))
                    {
                        to.Close();
                        return;
                    }
                }

                await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            to.Close();
            throw;
        }
    }
}

/// <summary>A request that a gate holds.</summary>
internal sealed class GateHold(string[] parts)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the request has come.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The engine never sees it.</summary>
    public void Drop() => _passes.TrySetResult(false);

    internal bool Fits(string request)
    {
        var line = request.Split('\r', 2)[0];
        return parts.All(part => line.Contains(part, StringComparison.Ordinal));
    }

    internal Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _passes.Task.WaitAsync(cancellationToken);
    }
}

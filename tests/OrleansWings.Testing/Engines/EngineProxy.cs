using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansWings.Testing.Engines;

/// <summary>
/// A way to an engine's socket on which any request can fail in any way: refused, answered with nonsense, held, cut, or never answered. All else
/// is passed on, hijacked terminals and streams too.
/// </summary>
public sealed class EngineProxy : IAsyncDisposable
{
    /// <summary>The name of the socket's file.</summary>
    public const string SocketName = "proxy.sock";

    private readonly string? _folder;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly EndPoint _engine;
    private readonly ConcurrentDictionary<EngineProxyLine, Task> _lines = new();
    private readonly ConcurrentQueue<EngineFaultRule> _rules = new();
    private readonly Task _accepting;

    /// <param name="engine">unix:///…, the engine itself.</param>
    /// <param name="isTcp">Whether it is reached at an address of the loopback, as a remote engine is; else at a socket.</param>
    public EngineProxy(Uri engine, bool isTcp = false)
    {
        _engine = new UnixDomainSocketEndPoint(engine.LocalPath);
        if (isTcp)
        {
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = new Uri($"tcp://{_listener.LocalEndPoint}");
        }
        else
        {
            _folder = Directory.CreateTempSubdirectory("ow-proxy-").FullName;
            var path = Path.Combine(_folder, SocketName);
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            Address = new Uri($"unix://{path}");
        }

        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients find it.</summary>
    public Uri Address { get; }

    /// <summary>The first line of the last request on each connection that a client still has open.</summary>
    public IReadOnlyList<string> Open => [.. _lines.Keys.Select(line => line.Request)];

    /// <summary>A fault for the next request with this method and all these parts in its first line.</summary>
    public EngineFaultRule Next(EngineFault fault, string method, params string[] parts) => Add(new EngineFaultRule(fault, 1, method, parts));

    /// <summary>A fault for every such request, until it is ended; of any method when that is empty.</summary>
    public EngineFaultRule All(EngineFault fault, string method, params string[] parts) => Add(new EngineFaultRule(fault, int.MaxValue, method, parts));

    /// <summary>Cuts what is open: the connections whose last request has this in its first line.</summary>
    public void Cut(string part)
    {
        foreach (var line in _lines.Keys.Where(line => line.Request.Contains(part, StringComparison.Ordinal)))
            line.Cut();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_lines.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private EngineFaultRule Add(EngineFaultRule rule)
    {
        _rules.Enqueue(rule);
        return rule;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var line = new EngineProxyLine(await _listener.AcceptAsync(_stop.Token), request => _rules.FirstOrDefault(rule => rule.Take(request)));
            _lines[line] = Task.CompletedTask;
            _lines[line] = PassAsync(line);
        }
    }

    private async Task PassAsync(EngineProxyLine line)
    {
        await Task.Yield();
        try
        {
            await line.PassAsync(_engine, _stop.Token);
        }
        finally
        {
            // After the table has it, however short it was.
            await Task.Yield();
            _lines.TryRemove(line, out _);
        }
    }
}

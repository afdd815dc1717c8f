using System.Text;
using OrleansWings.Consoles;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Benchmarks.Consoles;

/// <summary>A place from which a console is read and typed on. Reads always.</summary>
internal abstract class ConsoleEnd : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Listener _listener = new();
    private Task _reading = Task.CompletedTask;

    public Task ExpectAsync(string text) => _listener.ExpectAsync(text);

    public abstract Task TypeAsync(string command);

    public virtual async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    protected void Begin() => _reading = Task.Run(() => ReadAsync(_stop.Token));

    protected void OnRead(ReadOnlySpan<byte> bytes) => _listener.Read(bytes);

    protected abstract Task ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The engine's own attach.</summary>
internal sealed class RawConsole : ConsoleEnd
{
    private readonly IContainerAttachment _attachment;

    public RawConsole(IContainerAttachment attachment)
    {
        _attachment = attachment;
        Begin();
    }

    public override async Task TypeAsync(string command) => await _attachment.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"), CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _attachment.DisposeAsync();
    }

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        while (await _attachment.ReadAsync(buffer, cancellationToken) is var read and > 0)
            OnRead(buffer.AsSpan(0, read));
    }
}

/// <summary>The session on the host: where the journal has the line.</summary>
internal sealed class SessionConsole : ConsoleEnd
{
    private readonly PowerWorker _worker;

    public SessionConsole(PowerWorker worker)
    {
        _worker = worker;
        Begin();
    }

    public override async Task TypeAsync(string command)
    {
        if (await _worker.SendCommandAsync(command, CancellationToken.None) is { IsAccepted: false } refused)
            throw new InvalidOperationException(refused.Message);
    }

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var next = _worker.Console.Head;
        while (true)
        {
            await _worker.Console.WaitForMoreAsync(next, cancellationToken);
            while (_worker.Console.Read(ConsoleCursor.From(next), 64 * 1024).Batch is { } batch)
            {
                OnRead(batch.Records.Span);
                next = batch.Next;
            }
        }
    }
}

/// <summary>A viewer at the end of the whole path: facade and grain in, stream, feed and hub out.</summary>
internal sealed class ViewerConsole : ConsoleEnd
{
    private readonly IServer _server;
    private readonly IConsoleFeeds _feeds;
    private readonly List<ConsoleBatch>? _kept;

    /// <param name="server">The server.</param>
    /// <param name="feeds">The process's feeds.</param>
    /// <param name="kept">Where the batches are kept for a check afterwards; null to keep none.</param>
    public ViewerConsole(IServer server, IConsoleFeeds feeds, List<ConsoleBatch>? kept = null)
    {
        (_server, _feeds, _kept) = (server, feeds, kept);
        Begin();
    }

    public override async Task TypeAsync(string command)
    {
        if (await _server.SendCommandAsync(command) is { IsAccepted: false } refused)
            throw new InvalidOperationException(refused.Message);
    }

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var batch in _feeds.WatchAsync(_server.Id, ConsoleCursor.Last(10), cancellationToken))
        {
            _kept?.Add(batch);
            OnRead(batch.Records.Span);
        }
    }
}

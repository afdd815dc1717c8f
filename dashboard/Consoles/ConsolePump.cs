using Microsoft.Extensions.Logging;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Consoles;

/// <summary>
/// Carries one server's console to one terminal: reads the feed always, writes as fast as the terminal takes it, one
/// write at a time.
/// </summary>
public sealed partial class ConsolePump(IConsoleFeeds feeds, TimeProvider time, ILogger<ConsolePump> logger)
{
    // The echo of a command shows at once; a chatting game costs at most 40 calls a second.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ConsoleBacklog _backlog = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="server">The server.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="scrollback">How many lines the terminal keeps.</param>
    /// <param name="write">Writes to the terminal; completes when it has taken the bytes. May be given the same chunk again after a failure.</param>
    /// <param name="onConnection">Told whether the feed is alive.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        ServerId server, ConsoleStart start, int scrollback, Func<TerminalChunk, Task> write, Action<bool> onConnection,
        CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(server, start.Cursor, onConnection, end.Token);
        try
        {
            var chunker = new TerminalChunker(new TerminalFeed(start.Expected, start.IsShortened), scrollback);
            while (true)
            {
                await _arrived.WaitAsync(end.Token);
                while (Next(chunker) is { } chunk)
                {
                    await WriteAsync(chunk, write, end.Token);
                    await Task.Delay(s_pause, time, end.Token);
                }
            }
        }
        finally
        {
            await end.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(ServerId server, ConsoleCursor cursor, Action<bool> onConnection, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.FromMilliseconds(200);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in feeds.WatchAsync(server, cursor, cancellationToken))
                {
                    cursor = ConsoleCursor.From(batch.Next);
                    delay = TimeSpan.FromMilliseconds(200);
                    onConnection(true);
                    Add(batch);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFeedBroke(logger, e, server, delay);
            }

            onConnection(false);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay;
        }
    }

    private void Add(ConsoleBatch batch)
    {
        lock (_lock)
        {
            _backlog.Add(batch);
            if (_arrived.CurrentCount == 0)
                _arrived.Release();
        }
    }

    private TerminalChunk? Next(TerminalChunker chunker)
    {
        lock (_lock)
            return chunker.Next(_backlog);
    }

    // While the connection to the browser is away a call fails or is lost; the terminal passes over what it has.
    private async Task WriteAsync(TerminalChunk chunk, Func<TerminalChunk, Task> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await write(chunk);
                return;
            }
            catch (Exception e) when (e is TaskCanceledException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
            {
                LogWriteFailed(logger, e);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The console feed of server {Server} broke; next try in {Delay}.")]
    private static partial void LogFeedBroke(ILogger logger, Exception exception, ServerId server, TimeSpan delay);

    [LoggerMessage(LogLevel.Debug, "A terminal could not be written to; it is tried again.")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception);
}

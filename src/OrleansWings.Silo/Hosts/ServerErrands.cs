using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// One piece of work per server, done when it is asked for and again until it went well, with growing pauses. One server's
/// failure holds up no other's, and asking often is doing it once.
/// </summary>
/// <param name="what">For the log, as in "the host failed at …".</param>
internal sealed partial class ServerErrands(string what, TimeProvider time, ILogger logger)
{
    private const int AtOnce = 32;

    private readonly Lock _lock = new();

    // Every server with work to do, and whether it was asked for again since that began.
    private readonly Dictionary<ServerId, bool> _open = [];

    // No longer than the list of servers: each is in it once at most.
    private readonly Channel<(ServerId Server, int Tries)> _begun = Channel.CreateUnbounded<(ServerId, int)>(new() { SingleReader = true });

    /// <summary>Asks for the work; done soon, or with the next try when it is failing.</summary>
    public void Ask(ServerId server) => Begin(server, tries: 0);

    /// <summary>Asks for it after a first try elsewhere that failed.</summary>
    public void AskAgain(ServerId server) => Begin(server, tries: 1);

    /// <summary>Does what is asked for until it is cancelled.</summary>
    public async Task RunAsync(Func<ServerId, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(AtOnce);
        var errands = new BackgroundWork(e => LogFailed(logger, what, default, e));
        try
        {
            await foreach (var (server, tries) in _begun.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                errands.Run(() => DoAsync(server, tries, work, slots, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errands.WhenDoneAsync().ConfigureAwait(false);
        }
    }

    private void Begin(ServerId server, int tries)
    {
        lock (_lock)
        {
            if (!_open.TryAdd(server, false))
            {
                _open[server] = true;
                return;
            }
        }

        _begun.Writer.TryWrite((server, tries));
    }

    private async Task DoAsync(ServerId server, int tries, Func<ServerId, CancellationToken, Task> work, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        do
        {
            if (tries > 0)
                await Task.Delay(Backoff.After(tries), time, cancellationToken).ConfigureAwait(false);
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                lock (_lock)
                    _open[server] = false;
                await work(server, cancellationToken).ConfigureAwait(false);
                tries = 0;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // What goes on failing is said once.
                if (tries++ == 0)
                    LogFailed(logger, what, server, e);
            }
            finally
            {
                slots.Release();
            }
        }
        while (tries > 0 || !HasEnded(server));
    }

    private bool HasEnded(ServerId server)
    {
        lock (_lock)
            return !_open[server] && _open.Remove(server);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host failed at {What} of server {Server} and tries again")]
    private static partial void LogFailed(ILogger logger, string what, ServerId server, Exception exception);
}

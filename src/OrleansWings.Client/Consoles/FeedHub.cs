using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansWings.Consoles;
using OrleansWings.Servers;

namespace OrleansWings.Client.Consoles;

/// <summary>Consoles for the viewers of this process: one subscription per server, begun by the first and ended after the last.</summary>
internal sealed partial class FeedHub(IGrainFactory grains, TimeProvider time, ILogger<FeedHub> logger) : IConsoleFeeds, IAsyncDisposable
{
    private const int CacheBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<ServerId, Subscription> _subscriptions = [];
    private readonly ConcurrentDictionary<Task, byte> _ending = new();

    public async IAsyncEnumerable<ConsoleBatch> WatchAsync(ServerId server, ConsoleCursor from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscription = Join(server);
        try
        {
            await foreach (var batch in subscription.Tail.WatchAsync((cursor, maxBytes) => ReadAsync(server, cursor, maxBytes, cancellationToken), from, cancellationToken).ConfigureAwait(false))
                yield return batch;
        }
        finally
        {
            Leave(server, subscription);
        }
    }

    public Task<ConsolePage> ReadAsync(ServerId server, ConsoleCursor from, int maxBytes, CancellationToken cancellationToken)
        => grains.GetGrain<IConsoleFeedGrain>(server.Value).ReadAsync(from, maxBytes).WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        lock (_subscriptions)
        {
            foreach (var (server, subscription) in _subscriptions.ToArray())
                End(server, subscription);
        }

        await Task.WhenAll(_ending.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Subscription Join(ServerId server)
    {
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(server, out var subscription))
            {
                _subscriptions[server] = subscription = new Subscription(time);
                subscription.Running = Task.Run(() => SubscribeAsync(server, subscription));
            }

            subscription.Viewers++;
            return subscription;
        }
    }

    private void Leave(ServerId server, Subscription subscription)
    {
        lock (_subscriptions)
        {
            if (--subscription.Viewers == 0)
                End(server, subscription);
        }
    }

    private void End(ServerId server, Subscription subscription)
    {
        _subscriptions.Remove(server);
        subscription.Stop.Cancel();
        _ending[subscription.Running] = 0;
        subscription.Running.ContinueWith(done => _ending.TryRemove(done, out _), TaskScheduler.Default);
    }

    // One loop for every fault of the way: the cache knows where it stands, so each new try goes on from there.
    private async Task SubscribeAsync(ServerId server, Subscription subscription)
    {
        var ended = subscription.Stop.Token;
        while (!ended.IsCancellationRequested)
        {
            try
            {
                // From a place that the viewers know of. "From the end" would be the end when the feed comes to it: what was
                // said between a viewer's first read and then would be sent to nobody until the next line.
                var from = subscription.Tail.Head ?? (await ReadAsync(server, ConsoleCursor.Last(0), 1, ended).ConfigureAwait(false)).Head;
                subscription.Tail.Observe(from);
                await foreach (var batch in grains.GetGrain<IConsoleFeedGrain>(server.Value).WatchAsync(ConsoleCursor.From(from), ended).WithBatchSize(16).WithCancellation(ended).ConfigureAwait(false))
                    subscription.Tail.Append(batch);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogBroken(logger, server, e.Message);
            }

            await Task.Delay(s_retryEvery, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Server {Server}: the console subscription broke and begins again: {Reason}")]
    private static partial void LogBroken(ILogger logger, ServerId server, string reason);

    private sealed class Subscription(TimeProvider time)
    {
        public ConsoleTail Tail { get; } = new(CacheBytes, time);

        public CancellationTokenSource Stop { get; } = new();

        public Task Running { get; set; } = Task.CompletedTask;

        public int Viewers { get; set; }
    }
}

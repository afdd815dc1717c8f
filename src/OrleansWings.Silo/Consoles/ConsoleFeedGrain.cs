using System.Runtime.CompilerServices;
using Orleans.Placement;
using Orleans.Streams;
using Orleans.Streams.Core;
using OrleansWings.Client.Consoles;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Consoles;

/// <summary>One console for all its viewers on a control silo: hears the stream, keeps a cache, renews the host's lease while somebody watches.</summary>
[GrainType("console-feed"), HashBasedPlacement, ImplicitStreamSubscription(WingsNames.ConsoleStream), Orleans.Concurrency.Reentrant]
internal sealed class ConsoleFeedGrain(TimeProvider time) : Grain, IConsoleFeedGrain, IStreamSubscriptionObserver
{
    private const int CacheBytes = 1024 * 1024;
    private const int MaxReadBytes = 512 * 1024;

    // A lost batch at the end of all output is found with the next renewal, so it is short.
    private static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);

    private readonly ConsoleTail _tail = new(CacheBytes, time);
    private IGrainTimer? _renewing;
    private int _viewers;

    private IServerGrain Server => GrainFactory.GetServer(new ServerId(this.GetPrimaryKey()));

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
        => await handleFactory.Create<ConsoleBatch>().ResumeAsync(OnBatchAsync);

    public async IAsyncEnumerable<ConsoleBatch> WatchAsync(ConsoleCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _viewers++;
        try
        {
            _renewing ??= this.RegisterGrainTimer(RenewAsync, new GrainTimerCreationOptions(TimeSpan.Zero, s_renewEvery) { Interleave = true, KeepAlive = true });
            await RenewAsync(cancellationToken);
            await foreach (var batch in _tail.WatchAsync(ReadAsync, from, cancellationToken))
                yield return batch;
        }
        finally
        {
            if (--_viewers == 0)
            {
                _renewing?.Dispose();
                _renewing = null;
            }
        }
    }

    public Task<ConsolePage> ReadAsync(ConsoleCursor from, int maxBytes) => Server.ReadConsoleAsync(from, Math.Clamp(maxBytes, 1, MaxReadBytes));

    private Task OnBatchAsync(ConsoleBatch batch, StreamSequenceToken? token)
    {
        _tail.Append(batch);
        return Task.CompletedTask;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            _tail.Observe(await Server.PublishConsoleAsync(s_lease));
        }
        catch (Exception e) when (e is HostUnreachableException or UnknownServerException or StoreUnreachableException or TimeoutException or OrleansException)
        {
            // The host is away, or it is not known where it is; the next renewal finds it.
        }
    }
}

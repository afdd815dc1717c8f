using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansWings.Consoles;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Consoles;

/// <summary>
/// Sends consoles that somebody watches to their streams. A publisher is just one more reader of the journal with one
/// batch in flight, so nothing it waits for can slow the game, and what it fails to send is found by its numbers.
/// </summary>
internal sealed partial class ConsolePublisher(
    IServiceProvider services, ServerInstruments instruments, TimeProvider time, ILogger<ConsolePublisher> logger) : IAsyncDisposable
{
    private const int MaxBatchBytes = 64 * 1024;

    // Lines of one moment travel together; the first after a pause travels at once.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<ServerId, Lease> _leases = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Publishes a server's console for so long from now on.</summary>
    /// <returns>The place that the next new record will have.</returns>
    public ConsolePosition Publish(PowerWorker worker, TimeSpan length)
    {
        var head = worker.Console.Head;
        var until = time.GetUtcNow() + length;
        lock (_leases)
        {
            if (_leases.TryGetValue(worker.Id, out var lease))
            {
                lease.Until = until;
                return head;
            }

            var stream = services.GetRequiredKeyedService<IStreamProvider>(WingsNames.StreamProvider)
                .GetStream<ConsoleBatch>(StreamId.Create(WingsNames.ConsoleStream, worker.Id.Value));
            _leases[worker.Id] = lease = new Lease { Until = until };
            lease.Running = Task.Run(() => RunAsync(worker, lease, stream, head));
        }

        return head;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_leases)
            running = [.. _leases.Values.Select(lease => lease.Running)];
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(PowerWorker worker, Lease lease, IAsyncStream<ConsoleBatch> stream, ConsolePosition next)
    {
        while (IsHeld(worker.Id, lease))
        {
            try
            {
                var page = worker.Console.Read(ConsoleCursor.From(next), MaxBatchBytes);
                if (page.Batch is { } batch)
                {
                    await stream.OnNextAsync(batch);
                    instruments.OnConsolePublished(batch.Records.Length);
                    next = batch.Next;
                    await Task.Delay(s_gather, time, _stop.Token);
                    continue;
                }

                if (page.Head.CompareTo(next) > 0)
                    next = page.Head;
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                enough.CancelAfter(TimeSpan.FromSeconds(10));
                await worker.Console.WaitForMoreAsync(next, enough.Token);
            }
            catch (OperationCanceledException)
            {
                // Ten quiet seconds, or the end: the condition of the loop tells.
            }
            catch (Exception e)
            {
                LogFailed(logger, worker.Id, e);
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A lease that has run out is gone at the same moment: who comes later begins a new one.
    private bool IsHeld(ServerId server, Lease lease)
    {
        lock (_leases)
        {
            if (!_stop.IsCancellationRequested && lease.Until > time.GetUtcNow())
                return true;
            _leases.Remove(server);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: its console could not be published and is published again")]
    private static partial void LogFailed(ILogger logger, ServerId server, Exception exception);

    private sealed class Lease
    {
        public DateTimeOffset Until { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}

using System.Runtime.CompilerServices;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;

namespace OrleansWings.Client.Consoles;

/// <summary>
/// The newest batches of one console, for any number of viewers that each have only a place of their own: who is slow
/// costs nothing and holds up nobody. What the cache has no more, or never got, is read from the journal by number.
/// </summary>
internal sealed class ConsoleTail(int maxBytes, TimeProvider time)
{
    private const int ReadBytes = 256 * 1024;
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LinkedList<ConsoleBatch> _batches = new();
    private TaskCompletionSource _more = NewSignal();
    private ConsolePosition? _head;
    private int _bytes;

    /// <summary>Reads records from behind this cache.</summary>
    /// <exception cref="HostUnreachableException">The host is away; asked again.</exception>
    /// <exception cref="StoreUnreachableException">Where it is cannot be found out now; asked again.</exception>
    public delegate Task<ConsolePage> Read(ConsoleCursor from, int maxBytes);

    /// <summary>The place after the newest record known of; null before any is.</summary>
    public ConsolePosition? Head
    {
        get
        {
            // Larger than what is read in one go: a half of the old and a half of the new would be a place that never was.
            lock (_lock)
                return _head;
        }
    }

    /// <summary>Takes a batch from the stream; old ones and repeats do no harm.</summary>
    public void Append(ConsoleBatch batch)
    {
        lock (_lock)
        {
            if (_batches.Last is null || batch.Next.CompareTo(_batches.Last.Value.Next) > 0)
            {
                _batches.AddLast(batch);
                _bytes += batch.Records.Length;
                while (_bytes > maxBytes && _batches.Count > 1)
                {
                    _bytes -= _batches.First!.Value.Records.Length;
                    _batches.RemoveFirst();
                }
            }

            Advance(batch.Next);
        }
    }

    /// <summary>Takes the host's word about where the console stands: a batch that was lost at the very end is found by it.</summary>
    public void Observe(ConsolePosition head)
    {
        lock (_lock)
            Advance(head);
    }

    /// <summary>Records from a place on, for ever, in order; waits while the host is away.</summary>
    public async IAsyncEnumerable<ConsoleBatch> WatchAsync(Read read, ConsoleCursor from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = await ReadAsync(read, from, cancellationToken);
        var next = from.Next ?? page.Head;
        while (true)
        {
            if (page is not null)
            {
                Observe(page.Head);
                if (page.Batch is not null)
                {
                    yield return page.Batch;
                    next = page.Batch.Next;
                }
                else if (page.Head.CompareTo(next) > 0)
                {
                    next = page.Head;
                }
                else if (Head?.CompareTo(next) > 0)
                {
                    // The host has less than was heard of it (its journal was lost, or the read was overtaken): not at full speed.
                    await Task.Delay(s_retryEvery, time, cancellationToken);
                }
            }

            page = null;
            if (Find(next) is { } batch)
            {
                yield return batch;
                next = batch.Next;
            }
            else if (Head?.CompareTo(next) > 0)
            {
                page = await ReadAsync(read, ConsoleCursor.From(next), cancellationToken);
            }
            else
            {
                await WaitAsync(next, cancellationToken);
            }
        }
    }

    private async Task<ConsolePage> ReadAsync(Read read, ConsoleCursor from, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await read(from, ReadBytes);
            }
            catch (Exception e) when (e is HostUnreachableException or StoreUnreachableException or TimeoutException or Orleans.Runtime.OrleansException)
            {
                await Task.Delay(s_retryEvery, time, cancellationToken);
            }
        }
    }

    private ConsoleBatch? Find(ConsolePosition next)
    {
        lock (_lock)
        {
            for (var node = _batches.Last; node is not null; node = node.Previous)
            {
                var batch = node.Value;
                if (batch.First.Run == next.Run && batch.First.Sequence <= next.Sequence && next.Sequence < batch.Next.Sequence)
                    return batch.SkipTo(next.Sequence);
                if (batch.Next.CompareTo(next) <= 0)
                    return null;
            }

            return null;
        }
    }

    private Task WaitAsync(ConsolePosition next, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Head?.CompareTo(next) > 0 ? Task.CompletedTask : _more.Task.WaitAsync(cancellationToken);
    }

    private void Advance(ConsolePosition head)
    {
        if (_head is { } known && head.CompareTo(known) <= 0)
            return;
        _head = head;
        _more.TrySetResult();
        _more = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

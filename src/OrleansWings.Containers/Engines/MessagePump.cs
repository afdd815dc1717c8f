using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OrleansWings.Containers.Engines;

/// <summary>Makes an enumeration of a library call that reports its messages to a callback until the engine ends it.</summary>
internal static class MessagePump
{
    // The callback cannot wait, and who reads is quick: this many are never behind unless it stands still.
    internal const int Most = 10_000;

    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<IProgress<T>, CancellationToken, Task> call, EngineCalls calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Most) { SingleReader = true, SingleWriter = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = PumpAsync(call, calls, channel.Writer, ending.Token);
        try
        {
            await foreach (var message in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return message;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }

    private static async Task PumpAsync<T>(Func<IProgress<T>, CancellationToken, Task> call, EngineCalls calls, ChannelWriter<T> writer, CancellationToken cancellationToken)
    {
        try
        {
            await calls.WaitAsync(async token => { await call(new Reporter<T>(writer), token).ConfigureAwait(false); return true; }, cancellationToken).ConfigureAwait(false);
            writer.TryComplete();
        }
        catch (Exception failure)
        {
            writer.TryComplete(failure);
        }
    }

    // The framework's Progress<T> posts to the thread pool, which reorders.
    private sealed class Reporter<T>(ChannelWriter<T> writer) : IProgress<T>
    {
        public void Report(T value)
        {
            // None may be left out without a word: the reader is told after what there is, and begins anew as after a lost line.
            if (!writer.TryWrite(value))
                writer.TryComplete(new EngineUnreachableException($"The engine sends messages faster than they are read: more than {Most:N0} wait."));
        }
    }
}

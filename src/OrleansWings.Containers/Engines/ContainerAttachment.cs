using System.Runtime.InteropServices;
using Docker.DotNet;

namespace OrleansWings.Containers.Engines;

/// <summary>The engine's connection to a terminal, bytes as they are.</summary>
internal sealed class ContainerAttachment(MultiplexedStream stream, EngineCalls calls, TimeSpan writeLimit) : IContainerAttachment
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private byte[] _spare = [];

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (MemoryMarshal.TryGetArray<byte>(buffer, out var array))
                return (await stream.ReadOutputAsync(array.Array!, array.Offset, array.Count, cancellationToken).ConfigureAwait(false)).Count;

            if (_spare.Length < buffer.Length)
                _spare = new byte[buffer.Length];

            var read = await stream.ReadOutputAsync(_spare, 0, buffer.Length, cancellationToken).ConfigureAwait(false);
            _spare.AsSpan(0, read.Count).CopyTo(buffer.Span);
            return read.Count;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return 0; // a cut line is an end like any other; the inspect that must follow tells
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // One command at a time: two written at once could mix. A game that reads nothing fills the terminal, and the write then waits.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await calls.RunAsync(writeLimit, token => stream.WriteAsync(bytes.ToArray(), 0, bytes.Length, token), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        stream.Dispose();
        return ValueTask.CompletedTask;
    }
}

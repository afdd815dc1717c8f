using System.Buffers;
using System.IO.Pipelines;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

internal sealed class FakeAttachment(FakeContainer container) : IContainerAttachment
{
    // As much as an engine holds before the game has to wait.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 128 * 1024, resumeWriterThreshold: 64 * 1024, useSynchronizationContext: false));
    private readonly Lock _lock = new();
    private volatile bool _isCut;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var result = await _pipe.Reader.ReadAsync(cancellationToken);
        var length = (int)Math.Min(buffer.Length, result.Buffer.Length);
        var taken = result.Buffer.Slice(0, length);
        taken.CopyTo(buffer.Span);
        _pipe.Reader.AdvanceTo(taken.End);
        return length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isCut)
            throw new EngineUnreachableException("The line to the container is cut.");

        await container.TypeAsync(bytes);
    }

    public ValueTask DisposeAsync()
    {
        container.Detach(this);
        Cut();
        _pipe.Reader.CancelPendingRead();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits while the reader is behind: a game whose console nobody reads stands still.</summary>
    internal async ValueTask PushAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush;
        lock (_lock)
        {
            if (_isCut)
                return;

            flush = _pipe.Writer.WriteAsync(bytes, cancellationToken);
        }

        await flush;
    }

    internal void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            _pipe.Writer.CancelPendingFlush();
            _pipe.Writer.Complete();
        }
    }
}

using System.Text;
using System.Threading.Channels;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>An attachment fed by the test.</summary>
internal sealed class ScriptedTerminal : IContainerAttachment
{
    private readonly Channel<byte[]> _chunks = Channel.CreateUnbounded<byte[]>();
    private readonly List<string> _typed = [];
    private readonly TaskCompletionSource _writable = new();
    private ReadOnlyMemory<byte> _rest;
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unread;

    public bool IsStuck { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Whether all that was said has been read, and more is asked for.</summary>
    public bool IsReadUp
    {
        get { lock (_chunks) return _idle.Task.IsCompleted; }
    }

    public IReadOnlyList<string> Typed => _typed;

    public void Say(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0 || IsDisposed)
            return;
        lock (_chunks)
        {
            _unread++;
            if (_idle.Task.IsCompleted)
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _chunks.Writer.TryWrite(bytes.ToArray());
    }

    public void End(Exception? exception = null) => _chunks.Writer.TryComplete(exception);

    /// <summary>Ends when all that was said has been read and the reader asks for more.</summary>
    public Task ReadUpAsync()
    {
        lock (_chunks)
            return _idle.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Unstick() => _writable.TrySetResult();

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest.Length == 0)
        {
            lock (_chunks)
            {
                if (_unread == 0)
                    _idle.TrySetResult();
            }

            try
            {
                _rest = await _chunks.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException closed) when (closed.InnerException is null)
            {
                return 0;
            }

            lock (_chunks)
                _unread--;
        }

        var read = Math.Min(buffer.Length, _rest.Length);
        _rest[..read].CopyTo(buffer);
        _rest = _rest[read..];
        return read;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (IsDisposed)
            throw new EngineUnreachableException("The line is cut.");
        if (IsStuck)
            await _writable.Task.WaitAsync(cancellationToken);
        _typed.Add(Encoding.UTF8.GetString(bytes.Span));
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}

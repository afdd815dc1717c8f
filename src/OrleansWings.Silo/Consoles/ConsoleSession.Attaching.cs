using System.Buffers;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Consoles;

public sealed partial class ConsoleSession
{
    // A quiet terminal is read into little memory; one that fills it gets more.
    private const int QuietRead = 4 * 1024;
    private const int BusyRead = 128 * 1024;

    private Attached? _attached;

    /// <summary>Attaches before the start; nothing of the game's output is missed then.</summary>
    /// <exception cref="ContainerMissingException">There is no such container.</exception>
    /// <exception cref="EngineException">The engine refused or does not answer.</exception>
    public async Task AttachAsync(string container, CancellationToken cancellationToken)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            await EndAsync();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            MayLackOutput = false;
            Begin(await _engine.AttachAsync(container, cancellationToken), held: null);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Lets go of the terminal; what was read is journalled. The game goes on, and nobody reads it.</summary>
    public async Task DetachAsync()
    {
        await _lifecycle.WaitAsync();
        try
        {
            await EndAsync();
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private void Begin(IContainerAttachment attachment, HeldOutput? held)
    {
        var attached = new Attached(attachment, held);
        _attached = attached;
        attached.Reading = Task.Run(() => ReadAsync(attached));
    }

    private async Task EndAsync()
    {
        if (_attached is not { } attached)
            return;
        await attached.StopAsync();
        _attached = null;
    }

    private async Task ReadAsync(Attached attached)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(QuietRead);
        try
        {
            while (await attached.Terminal.ReadAsync(buffer, attached.Stopping) is var read and > 0)
            {
                if (IsBeginningDue(attached, buffer.AsSpan(0, read)))
                    await ProveBeginningAsync(attached, isEnd: false, attached.Stopping);
                if (read == buffer.Length && buffer.Length < BusyRead || read < QuietRead / 4 && buffer.Length > QuietRead)
                {
                    var size = buffer.Length < BusyRead && read == buffer.Length ? BusyRead : QuietRead;
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(size);
                }
            }
        }
        catch (OperationCanceledException) when (attached.Stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // Also what an engine's library throws of its own when its connection dies: the game must not lose its reader for it.
            LogTerminalCut(_server, exception);
            MayLackOutput = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await EndedAsync(attached);
    }

    // True when the first line since the join has come to its end, or far enough: nothing of it goes on before it is proved.
    private bool IsBeginningDue(Attached attached, ReadOnlySpan<byte> bytes)
    {
        var at = _time.GetUtcNow();
        lock (_sync)
        {
            if (attached.Held is { } held)
            {
                held.Add(at, bytes);
                return false;
            }

            if (attached.Unproved is { } unproved)
                return IsBeginningDue(unproved, at, bytes);
            Record(bytes, at);
            Keep();
        }

        if (LineRead is not null)
            RaiseLines();
        return false;
    }

    private async Task EndedAsync(Attached attached)
    {
        // What is held is recorded by the join, or thrown away by whoever gave it up.
        if (attached.Held is { } held)
            await held.Released;
        if (attached.Unproved is not null && !attached.Stopping.IsCancellationRequested)
            await ProveAtEndAsync(attached);
        lock (_sync)
        {
            if (attached.Unproved is { } unproved)
                Show(unproved);
            FlushUnended(_time.GetUtcNow());
        }

        await attached.CloseAsync();
        if (attached.Stopping.IsCancellationRequested)
            return;
        LogDetached(_server, Head);
        try
        {
            Detached?.Invoke();
        }
        catch (Exception exception)
        {
            LogListenerFailed(_server, exception);
        }
    }

    /// <summary>One attachment and the loop that reads it.</summary>
    private sealed class Attached(IContainerAttachment terminal, HeldOutput? held)
    {
        private readonly CancellationTokenSource _stop = new();

        public IContainerAttachment Terminal { get; } = terminal;

        /// <summary>Where its output waits for a join; null when it goes to the journal at once.</summary>
        public HeldOutput? Held { get; set; } = held;

        /// <summary>What was said since a join of a line that may have begun before it; null when there is no doubt.</summary>
        public UnprovedLine? Unproved { get; set; }

        public Task Reading { get; set; } = Task.CompletedTask;

        public bool IsEnded { get; private set; }

        public CancellationToken Stopping => _stop.Token;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            Held?.Release();
            await Reading;
        }

        public async Task CloseAsync()
        {
            IsEnded = true;
            await Terminal.DisposeAsync();
        }
    }
}

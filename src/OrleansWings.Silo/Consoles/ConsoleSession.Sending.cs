using System.Text;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Consoles;

public sealed partial class ConsoleSession
{
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>Types a command and a line feed, in one write.</summary>
    /// <exception cref="NotAttachedException">No terminal is attached, or it was cut meanwhile.</exception>
    /// <exception cref="NotAcceptedException">The game does not read its input.</exception>
    public async ValueTask SendAsync(string command, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.SendTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        if (!IsAttached)
            throw new NotAttachedException("The server's console is not attached.");
        try
        {
            await _sending.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotAcceptedException("The game still has not read the command before; this one was not sent.");
        }

        if (_attached is not { IsEnded: false } attached)
        {
            _sending.Release();
            throw new NotAttachedException("The server's console is not attached.");
        }

        // A write under way is never cancelled: half a command would be glued to the next one.
        var write = Task.Run(() => WriteAsync(attached.Terminal, Encoding.UTF8.GetBytes(command + "\n")), CancellationToken.None);
        try
        {
            await write.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!write.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            LogNotAccepted(_server, _options.SendTimeout);
            throw new NotAcceptedException("The game has not read its input for some time; the command waits for it and may still be run.");
        }
        catch (Exception exception) when (exception is EngineException or IOException or ObjectDisposedException)
        {
            throw new NotAttachedException("The server's console was cut while the command was sent; it may not have arrived.", exception);
        }
    }

    private async Task WriteAsync(IContainerAttachment terminal, byte[] bytes)
    {
        try
        {
            await terminal.WriteAsync(bytes, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }
}

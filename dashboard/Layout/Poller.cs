namespace OrleansWings.Dashboard.Layout;

/// <summary>Reads something again and again while a page shows it; never twice at once, however slow the answer.</summary>
/// <param name="every">How long from one answer to the next question.</param>
public sealed class Poller(TimeSpan every) : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>Begins, once; the first time after the pause.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="read">What is done; it throws nothing.</param>
    public void Begin(TimeProvider time, Func<Task> read) => _ = RunAsync(time, read);

    /// <inheritdoc />
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task RunAsync(TimeProvider time, Func<Task> read)
    {
        var token = _end.Token;
        try
        {
            while (true)
            {
                await Task.Delay(every, time, token);
                await read();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
        {
            // The page is left.
        }
    }
}

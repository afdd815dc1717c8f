using System.Text;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Conformance;

/// <summary>Reads an attachment always, and lets a test wait for what it must contain.</summary>
public sealed class ConsoleTap : IAsyncDisposable
{
    private readonly IContainerAttachment _attachment;
    private readonly MemoryStream _seen = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _news = NewSignal();

    public ConsoleTap(IContainerAttachment attachment)
    {
        _attachment = attachment;
        Ended = Task.Run(ReadAsync);
    }

    /// <summary>Done when reading returned 0.</summary>
    public Task Ended { get; }

    public byte[] Bytes { get { lock (_lock) return _seen.ToArray(); } }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public ValueTask TypeAsync(string command, CancellationToken cancellationToken) => _attachment.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"), cancellationToken);

    /// <summary>Waits until the text came; fails with what did come.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        var from = 0;
        try
        {
            while (true)
            {
                Task news;
                lock (_lock)
                {
                    var span = _seen.GetBuffer().AsSpan(0, (int)_seen.Length);
                    if (span[from..].IndexOf(sought) >= 0)
                        return;

                    from = Math.Max(0, span.Length - sought.Length);
                    news = _news.Task;
                }

                await news.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            var seen = Text;
            throw new TimeoutException($"'{text}' never came. The last that did: {seen[Math.Max(0, seen.Length - 500)..]}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _attachment.DisposeAsync();
        await Ended;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await _attachment.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            TaskCompletionSource news;
            lock (_lock)
            {
                _seen.Write(buffer, 0, read);
                (news, _news) = (_news, NewSignal());
            }

            news.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

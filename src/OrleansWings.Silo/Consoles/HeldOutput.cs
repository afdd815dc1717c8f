namespace OrleansWings.Silo.Consoles;

/// <summary>Fresh output of an attachment that waits until the engine's log is read. Used under the session's lock.</summary>
internal sealed class HeldOutput(int capacity)
{
    private readonly List<(DateTimeOffset At, byte[] Bytes)> _chunks = [];
    private readonly CancellationTokenSource _full = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _more;
    private int _wanted;

    public int Length { get; private set; }

    public IReadOnlyList<(DateTimeOffset At, byte[] Bytes)> Chunks => _chunks;

    /// <summary>Too much has come to wait any longer.</summary>
    public CancellationToken Full => _full.Token;

    /// <summary>Ends when nobody needs it any more.</summary>
    public Task Released => _released.Task;

    public void Add(DateTimeOffset at, ReadOnlySpan<byte> bytes)
    {
        _chunks.Add((at, bytes.ToArray()));
        Length += bytes.Length;
        if (Length >= _wanted)
            _more?.TrySetResult();
        if (Length >= capacity && !_full.IsCancellationRequested)
            _ = _full.CancelAsync();
    }

    /// <summary>Ends when so many bytes have come.</summary>
    public Task WaitForAsync(int length)
    {
        if (Length >= length)
            return Task.CompletedTask;
        _wanted = length;
        _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _more.Task;
    }

    public void Release() => _released.TrySetResult();
}

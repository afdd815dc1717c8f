namespace OrleansWings.Benchmarks.Consoles;

/// <summary>Looks for an awaited text in what is read, also across the ends of two reads.</summary>
internal sealed class Listener
{
    private readonly Lock _lock = new();
    private byte[] _text = [];
    private byte[] _end = [];
    private TaskCompletionSource? _awaited;

    /// <summary>Ends when the text was read; what was read before counts for nothing.</summary>
    public Task ExpectAsync(string text)
    {
        lock (_lock)
        {
            _text = System.Text.Encoding.UTF8.GetBytes(text);
            _end = [];
            _awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _awaited.Task;
        }
    }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_awaited is null)
                return;
            if (bytes.IndexOf(_text) >= 0 || IsAcross(bytes))
            {
                _awaited.SetResult();
                _awaited = null;
                return;
            }

            byte[] last = [.. _end, .. bytes[^Math.Min(bytes.Length, _text.Length)..]];
            _end = last[^Math.Min(last.Length, _text.Length - 1)..];
        }
    }

    private bool IsAcross(ReadOnlySpan<byte> bytes)
    {
        byte[] both = [.. _end, .. bytes[..Math.Min(bytes.Length, _text.Length)]];
        return both.AsSpan().IndexOf(_text) >= 0;
    }
}

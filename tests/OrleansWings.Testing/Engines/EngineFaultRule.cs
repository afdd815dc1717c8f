namespace OrleansWings.Testing.Engines;

/// <summary>Which requests a fault is for. It stays until it is ended, or until it has met as many as it is for.</summary>
public sealed class EngineFaultRule
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _method;
    private readonly string[] _parts;
    private int _left;
    private int _hits;

    internal EngineFaultRule(EngineFault fault, int times, string method, string[] parts) => (Fault, _left, _method, _parts) = (fault, times, method, parts);

    /// <summary>What becomes of the requests.</summary>
    public EngineFault Fault { get; }

    /// <summary>How many requests it has met.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Completes when the first request has come.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>From now on nothing more is met; what is held goes on.</summary>
    public void End()
    {
        Volatile.Write(ref _left, 0);
        _passes.TrySetResult(true);
    }

    /// <summary>The engine never sees what is held.</summary>
    public void Drop() => _passes.TrySetResult(false);

    /// <summary>Whether it is for a request with this first line; counts it then.</summary>
    internal bool Take(string line)
    {
        if ((_method.Length > 0 && !line.StartsWith(_method + " ", StringComparison.Ordinal)) || !_parts.All(part => line.Contains(part, StringComparison.Ordinal)))
            return false;
        if (Interlocked.Decrement(ref _left) < 0)
            return false;
        Interlocked.Increment(ref _hits);
        _reached.TrySetResult();
        return true;
    }

    internal Task<bool> WaitAsync(CancellationToken cancellationToken) => _passes.Task.WaitAsync(cancellationToken);
}

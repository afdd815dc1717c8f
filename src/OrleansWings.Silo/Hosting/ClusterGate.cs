namespace OrleansWings.Silo.Hosting;

/// <summary>Whether this process is a member of its cluster. What talks to the cluster waits here; what does not, does not.</summary>
public sealed class ClusterGate
{
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the silo has joined.</summary>
    public Task Joined => _joined.Task;

    /// <summary>What it waits for, in words; null when it does not wait.</summary>
    public string? Waiting { get; internal set; } = "The cluster has not been joined yet.";

    /// <summary>Why this process may not join, in words that name the setting to change; null when nobody refused it. The program ends with it.</summary>
    public string? Refusal { get; internal set; }

    internal void Open()
    {
        Waiting = null;
        _joined.TrySetResult();
    }
}

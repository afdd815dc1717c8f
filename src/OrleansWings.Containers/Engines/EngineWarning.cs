namespace OrleansWings.Containers.Engines;

/// <summary>What an engine left out of what it was asked, in its words.</summary>
/// <param name="Text">One sentence or a few.</param>
public sealed record EngineWarning(string Text)
{
    /// <summary>Whether it says that this kernel has no I/O weight: what was wished of it is not in force. The words are the same in engines 20.10 to 28.</summary>
    public bool IsNoIoWeight => Text.Contains("Block I/O weight", StringComparison.OrdinalIgnoreCase);
}

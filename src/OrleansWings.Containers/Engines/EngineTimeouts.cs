namespace OrleansWings.Containers.Engines;

/// <summary>How long a call may take before the engine counts as unreachable. Waits and streams have no limit.</summary>
public sealed record EngineTimeouts
{
    /// <summary>For questions. Default: 10 s.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For what makes, starts or removes something. Default: 30 s.</summary>
    public TimeSpan Change { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest silence within a pull. Default: 3 min.</summary>
    public TimeSpan PullSilence { get; init; } = TimeSpan.FromMinutes(3);
}

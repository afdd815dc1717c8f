using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>How fast a job goes, and what it takes for a reason to stop.</summary>
[GenerateSerializer, Immutable, Alias("job-pace")]
public sealed record JobPace
{
    /// <summary>How many servers of the fleet are under way at once, 1 to 100. Default: 5.</summary>
    [Id(0)]
    public int MaxParallel { get; init; } = 5;

    /// <summary>How many of one host, 1 to 100, so that no host has all the work. Default: 2.</summary>
    [Id(1)]
    public int MaxParallelPerHost { get; init; } = 2;

    /// <summary>How long one server may take until it is as wanted, 10 s to 24 h; a stop has its grace in it. Default: 15 min.</summary>
    [Id(2)]
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a started server has to stay running before it counts, 0 to 10 min: one that crashes at once is no success. Default: 5 s.</summary>
    [Id(3)]
    public TimeSpan MinRunningTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>With how many failed servers no further one is begun, 0 to 10,000; 0 for never. Default: 3.</summary>
    [Id(4)]
    public int StopAfterFailures { get; init; } = 3;

    /// <summary>
    /// How long servers with somebody connected are left alone, 0 to 24 h; 0, the default, for not looking at players. Who is empty has a turn before them. After so
    /// long a wait for nobody but them the rest of the job is called off. Where it cannot be told, as of a game on UDP (<see cref="IServer.CountPlayersAsync"/>), somebody may be there, and it is left alone.
    /// </summary>
    [Id(5)]
    public TimeSpan MaxWaitForPlayers { get; init; }
}

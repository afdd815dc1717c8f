namespace OrleansWings.Silo.Consoles;

/// <summary>How the host keeps and reads consoles.</summary>
public sealed class ConsoleOptions
{
    /// <summary>The most bytes of a server's console on disk, over all its runs; at least one segment. Default: 64 MiB.</summary>
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>The size at which a new file is begun. Default: 4 MiB.</summary>
    public int SegmentBytes { get; set; } = 4 << 20;

    /// <summary>How many runs of a server are kept. Default: 50.</summary>
    public int MaxRuns { get; set; } = 50;

    /// <summary>How much is kept in memory for live viewers while the disk cannot be written. Default: 1 MiB.</summary>
    public int RingBytes { get; set; } = 1 << 20;

    /// <summary>How often writing is tried again after the disk failed. Default: 1 s.</summary>
    public TimeSpan WriteRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long an unended line is shown. Default: 50 ms.</summary>
    public TimeSpan PartialDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a command may wait for a game that does not read its input; under the 3 s that a caller waits for the
    /// server's grain, so that the reason reaches the person. Default: 2 s.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How much of the engine's log before our last line is read again to join the two. Default: 5 s.</summary>
    public TimeSpan JoinOverlap { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the engine's log may take. Default: 15 s.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How much fresh output may wait in memory for the engine's log to be read. Default: 32 MiB.</summary>
    public int JoinBytes { get; set; } = 32 << 20;

    /// <summary>How many lines of a game are kept and shown in each <see cref="ThrottlePeriod"/>; 0: all. Default: 2,000, the peer's.</summary>
    public int ThrottleLines { get; set; } = 2_000;

    /// <summary>How long the throttle counts. Default: 100 ms, the peer's.</summary>
    public TimeSpan ThrottlePeriod { get; set; } = TimeSpan.FromMilliseconds(100);
}

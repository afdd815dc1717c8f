namespace OrleansWings.Containers.Usages;

/// <summary>What two readings of the counters say.</summary>
public static class UsageMath
{
    /// <summary>CPU in percent of one core between two readings; 0 for the first, and when a counter went back (another run) or no time passed.</summary>
    public static double CpuPercent(UsageCounters? previous, UsageCounters current)
    {
        if (previous is null)
            return 0;

        var used = current.CpuTime - previous.CpuTime;
        var passed = current.At - previous.At;
        return used <= TimeSpan.Zero || passed <= TimeSpan.Zero ? 0 : Math.Round(100 * (used / passed), 3);
    }

    /// <summary>A counter's growth per second between two readings; 0 for the first, and when it went back or no time passed.</summary>
    public static double PerSecond(UsageCounters? previous, UsageCounters current, Func<UsageCounters, long> counter)
    {
        if (previous is null)
            return 0;

        var grown = counter(current) - counter(previous);
        var passed = current.At - previous.At;
        return grown <= 0 || passed <= TimeSpan.Zero ? 0 : grown / passed.TotalSeconds;
    }

    /// <summary>Memory in use without the page cache that can be dropped.</summary>
    public static long WithoutCache(long usage, long inactiveFile) => inactiveFile < usage ? usage - inactiveFile : usage;
}

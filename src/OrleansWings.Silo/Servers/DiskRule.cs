using System.Globalization;

namespace OrleansWings.Silo.Servers;

/// <summary>What follows from how much a server's files take: pure.</summary>
internal static class DiskRule
{
    private const long MiB = 1024 * 1024;

    // A server is warned again only after it has clearly made room.
    private const int WarnedAt = 90;
    private const int WarnAgainBelow = 85;

    private static readonly TimeSpan s_running = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_runningWithoutLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_offline = TimeSpan.FromMinutes(5);

    /// <summary>What a server with a limit is told when some of its files cannot be counted.</summary>
    public const string Incomplete = "Some of the server's folders cannot be read or are nested over a hundred deep: what is in them is not counted to its disk limit. The server is not started again while that is so.";

    /// <summary>How long a server that has filled its disk may take to stop by itself: it may be writing on.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromMinutes(1);

    /// <summary>When a server is to be measured again. Only a process writes.</summary>
    public static DateTimeOffset NextAt(DateTimeOffset measured, bool hasProcess, long limitMiB)
        => measured == default ? measured : measured + (!hasProcess ? s_offline : limitMiB == 0 ? s_runningWithoutLimit : s_running);

    /// <summary>Whether nothing more fits.</summary>
    public static bool IsFull(long bytes, long limitMiB) => limitMiB > 0 && bytes >= limitMiB * MiB;

    /// <summary>Whether the server is to be warned, and whether it counts as warned from now on.</summary>
    public static (bool IsDue, bool IsWarned) Warn(long bytes, long limitMiB, bool wasWarned)
    {
        if (limitMiB == 0)
            return (false, false);
        var isHigh = bytes >= limitMiB * MiB / 100 * WarnedAt;
        return (isHigh && !wasWarned, isHigh || (wasWarned && bytes >= limitMiB * MiB / 100 * WarnAgainBelow));
    }

    /// <summary>"The server's files take 1,843 of 2,048 MiB (90 %)".</summary>
    public static string Describe(long bytes, long limitMiB) => string.Create(
        CultureInfo.InvariantCulture, $"The server's files take {Math.Max((bytes + MiB / 2) / MiB, bytes > 0 ? 1 : 0):N0} of {limitMiB:N0} MiB ({bytes * 100.0 / (limitMiB * MiB):0} %)");

    /// <summary>Why a server is stopped or not started.</summary>
    public static string DescribeFull(long bytes, long limitMiB) => $"{Describe(bytes, limitMiB)}: its disk limit is reached.";
}

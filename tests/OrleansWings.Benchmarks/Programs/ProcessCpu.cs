using System.Diagnostics;
using System.Globalization;

namespace OrleansWings.Benchmarks.Programs;

/// <summary>CPU time of processes, from /proc.</summary>
internal static class ProcessCpu
{
    /// <summary>CPU time of all threads of a process so far; nothing of one that is gone.</summary>
    public static TimeSpan Read(int process)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{process}/stat");
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }

        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>CPU of each group of processes over some time, in % of one core.</summary>
    public static async Task<double[]> MeasureAsync(TimeSpan time, params int[][] groups)
    {
        var (began, before) = (Stopwatch.GetTimestamp(), groups.Select(ReadAll).ToArray());
        await Task.Delay(time);
        return [.. groups.Zip(before, (group, earlier) => (ReadAll(group) - earlier) / Stopwatch.GetElapsedTime(began) * 100)];
    }

    private static TimeSpan ReadAll(int[] group) => group.Aggregate(TimeSpan.Zero, (sum, process) => sum + Read(process));
}

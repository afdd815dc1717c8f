using System.Globalization;

namespace OrleansWings.Benchmarks.Fleets;

/// <summary>How busy this whole machine is, from /proc/stat.</summary>
internal static class MachineCpu
{
    public static async Task<(long Idle, long All)> ReadAsync()
    {
        // "cpu  user nice system idle iowait irq softirq steal …", in ticks since the start.
        var numbers = (await File.ReadAllLinesAsync("/proc/stat"))[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[3] + numbers[4], numbers.Sum());
    }

    /// <summary>0 to 1.</summary>
    public static double Busy((long Idle, long All) before, (long Idle, long All) after)
        => 1 - (double)(after.Idle - before.Idle) / Math.Max(1, after.All - before.All);
}

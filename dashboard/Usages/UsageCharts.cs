namespace OrleansWings.Dashboard.Usages;

/// <summary>One line of a chart.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Color">The CSS variable of its colour.</param>
/// <param name="IsFilled">Whether the ground below it is tinted.</param>
/// <param name="IsDashed">Whether it is a limit rather than a measure.</param>
public sealed record UsageSeries(string Label, string Color, bool IsFilled = false, bool IsDashed = false);

/// <summary>One chart.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Format">How the script writes its values: percent, bytes, rate.</param>
/// <param name="Floor">The axis goes at least up to here, so that noise does not look like load.</param>
/// <param name="Series">Its lines.</param>
public sealed record UsageChart(string Title, string Format, double Floor, IReadOnlyList<UsageSeries> Series);

/// <summary>The charts of a server, and the order of the values they are fed with.</summary>
public static class UsageCharts
{
    /// <summary>The charts.</summary>
    public static IReadOnlyList<UsageChart> All { get; } =
    [
        new("CPU", "percent", 10, [new("used", "--chart-1", IsFilled: true)]),
        new("Memory", "bytes", 16 << 20, [new("used", "--chart-2", IsFilled: true), new("limit", "--chart-limit", IsDashed: true)]),
        new("Network", "rate", 4096, [new("in", "--chart-1"), new("out", "--chart-3")]),
        new("Disk", "rate", 4096, [new("read", "--chart-1"), new("write", "--chart-3")]),
    ];

    /// <summary>A point as the script takes it: seconds, then a value per line of all charts; null where none is known.</summary>
    public static double?[] Row(UsagePoint point) =>
    [
        point.At.ToUnixTimeMilliseconds() / 1000.0,
        Known(point.CpuPercent), Known(point.MemoryBytes), Known(point.MemoryLimitBytes),
        Known(point.NetworkRx), Known(point.NetworkTx), Known(point.DiskRead), Known(point.DiskWrite),
    ];

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}

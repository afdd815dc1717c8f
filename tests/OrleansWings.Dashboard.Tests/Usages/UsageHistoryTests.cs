using OrleansWings.Dashboard.Usages;
using OrleansWings.Usages;

namespace OrleansWings.Dashboard.Tests.Usages;

public sealed class UsageHistoryTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_First_HasNoRates()
    {
        var point = Assert.Single(new UsageHistory().Add(Sample(0, rx: 5_000)));
        Assert.True(double.IsNaN(point.NetworkRx));
        Assert.Equal(12, point.CpuPercent);
    }

    [Fact]
    public void Add_Second_RateIsPerSecond()
    {
        var history = new UsageHistory();
        history.Add(Sample(0, rx: 5_000));
        var point = Assert.Single(history.Add(Sample(2, rx: 9_000)));
        Assert.Equal(2_000, point.NetworkRx);
        Assert.Equal(point, history.LastPoint);
    }

    [Fact]
    public void Add_OldOrSame_IsPassedOver()
    {
        var history = new UsageHistory();
        history.Add(Sample(5));
        Assert.Empty(history.Add(Sample(5)));
        Assert.Empty(history.Add(Sample(4)));
        Assert.Single(history.Points);
    }

    [Fact]
    public void Add_AfterPause_BreaksLineAndTellsNoRate()
    {
        var history = new UsageHistory();
        history.Add(Sample(0, rx: 5_000));
        var added = history.Add(Sample(30, rx: 50_000));
        Assert.Equal(2, added.Count);
        Assert.True(double.IsNaN(added[0].CpuPercent));
        Assert.True(double.IsNaN(added[1].NetworkRx));
    }

    [Fact]
    public void Add_TotalFell_TellsNoRate()
    {
        var history = new UsageHistory();
        history.Add(Sample(0, rx: 5_000));
        Assert.True(double.IsNaN(Assert.Single(history.Add(Sample(1, rx: 100))).NetworkRx));
    }

    [Fact]
    public void Add_LongerThanTenMinutes_ForgetsOldest()
    {
        var history = new UsageHistory();
        for (var second = 0; second < 1_000; second++)
            history.Add(Sample(second));
        Assert.Equal(601, history.Points.Count);
        Assert.Equal(s_start.AddSeconds(399), history.Points.First().At);
    }

    [Fact]
    public void Add_NoLimit_HasNoLimitLine()
        => Assert.True(double.IsNaN(Assert.Single(new UsageHistory().Add(Sample(0))).MemoryLimitBytes));

    [Fact]
    public void Row_Hole_IsNulls()
    {
        var row = UsageCharts.Row(UsagePoint.Hole(s_start));
        Assert.Equal(1 + UsageCharts.All.Sum(chart => chart.Series.Count), row.Length);
        Assert.All(row.Skip(1), value => Assert.Null(value));
    }

    private static UsageSample Sample(int second, long rx = 0)
        => new() { At = s_start.AddSeconds(second), CpuPercent = 12, MemoryBytes = 1 << 20, NetworkRxBytes = rx };
}

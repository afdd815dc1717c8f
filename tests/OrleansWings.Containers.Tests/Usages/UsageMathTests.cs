using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Tests.Usages;

public sealed class UsageMathTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void CpuPercent_FirstReading_IsZero() => Assert.Equal(0, UsageMath.CpuPercent(null, At(1, 5)));

    [Theory]
    [InlineData(1, 0.5, 50)]
    [InlineData(2, 4, 200)]
    [InlineData(1, 0.123456, 12.346)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(-1, 1, 0)]
    [InlineData(1, -1, 0)]
    public void CpuPercent_TwoReadings_IsOfOneCore(double seconds, double cpuSeconds, double expected)
        => Assert.Equal(expected, UsageMath.CpuPercent(At(0, 10), At(seconds, 10 + cpuSeconds)));

    [Theory]
    [InlineData(2, 1000, 500)]
    [InlineData(1, 0, 0)]
    [InlineData(1, -5, 0)]
    [InlineData(0, 5, 0)]
    public void PerSecond_TwoReadings_IsTheGrowth(double seconds, long grown, double expected)
        => Assert.Equal(expected, UsageMath.PerSecond(At(0, 0) with { NetworkRxBytes = 100 }, At(seconds, 0) with { NetworkRxBytes = 100 + grown }, counters => counters.NetworkRxBytes));

    [Theory]
    [InlineData(100, 30, 70)]
    [InlineData(100, 100, 100)]
    [InlineData(100, 200, 100)]
    public void WithoutCache_FilePages_AreLeftOut(long usage, long inactive, long expected) => Assert.Equal(expected, UsageMath.WithoutCache(usage, inactive));

    private static UsageCounters At(double seconds, double cpuSeconds) => new() { At = s_start.AddSeconds(seconds), CpuTime = TimeSpan.FromSeconds(cpuSeconds) };
}

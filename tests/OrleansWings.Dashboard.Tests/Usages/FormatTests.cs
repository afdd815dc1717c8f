using OrleansWings.Allocations;
using OrleansWings.Dashboard.Usages;

namespace OrleansWings.Dashboard.Tests.Usages;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(-5, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 KiB")]
    [InlineData(1_024, "1.0 KiB")]
    [InlineData(12_345, "12.1 KiB")]
    [InlineData(1_048_063, "1.0 MiB")]
    [InlineData(1_073_741_824, "1.0 GiB")]
    [InlineData(549_755_813_888, "512 GiB")]
    [InlineData(1e30, "888178419700125 PiB")]
    public void Bytes_AnySize_ThreeDigits(double bytes, string expected) => Assert.Equal(expected, Format.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.04, "0 %")]
    [InlineData(0.42, "0.4 %")]
    [InlineData(9.96, "10 %")]
    [InlineData(42.46, "42.5 %")]
    [InlineData(249.7, "250 %")]
    public void Percent_AnySize_IsShort(double percent, string expected) => Assert.Equal(expected, Format.Percent(percent));

    [Theory]
    [InlineData(-3, "0 s")]
    [InlineData(42, "42 s")]
    [InlineData(303, "5 min 3 s")]
    [InlineData(7_530, "2 h 5 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void Duration_AnyLength_TwoUnits(int seconds, string expected) => Assert.Equal(expected, Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Relative_PastAndFuture_SaysWhich()
    {
        var now = new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);
        Assert.Equal("5 min 0 s ago", Format.Relative(now.AddMinutes(-5), now));
        Assert.Equal("in 6 d 4 h", Format.Relative(now.AddHours(148), now));
    }

    [Fact]
    public void Ports_NoneOneMany_IsShort()
    {
        Assert.Equal("–", Format.Ports([]));
        Assert.Equal(":25565", Format.Ports([new("0.0.0.0", 25_565)]));
        Assert.Equal("203.0.113.7:25565 +1", Format.Ports([new("203.0.113.7", 25_565), new("0.0.0.0", 1)]));
        Assert.Equal("[2001:db8::1]:80", Format.Ports([new Allocation("2001:db8::1", 80)]));
    }
}

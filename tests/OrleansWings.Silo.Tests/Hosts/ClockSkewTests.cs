using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class ClockSkewTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid s_program = Guid.NewGuid();

    [Theory]
    // Seconds by which each message's time is ahead of ours, and what is said at the last one.
    [InlineData(new[] { 0.0 }, 0)]
    [InlineData(new[] { 4.9 }, 0)]
    [InlineData(new[] { 5.1 }, 5.1)]
    [InlineData(new[] { 3600.0 }, 3600)]
    [InlineData(new[] { 3598.0, 3600, 3599 }, 3600)]
    // Behind, or on its way for long.
    [InlineData(new[] { -3600.0 }, 0)]
    [InlineData(new[] { -3600.0, -3600 }, 0)]
    [InlineData(new[] { -3602.0, -3600.5, -3601 }, -3600.5)]
    [InlineData(new[] { -20.0, -15, -10, -0.1 }, 0)]
    [InlineData(new[] { -0.1, -20, -30, -40 }, 0)]
    // Set right: the tenth message after it is the last that remembers.
    [InlineData(new[] { 3600.0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 3600)]
    [InlineData(new[] { 3600.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0)]
    public void Take_Messages_SaysWhatTheirWayCannotExplain(double[] ahead, double expected)
    {
        var skew = new ClockSkew();
        var said = ahead.Select((each, i) => skew.Take(s_program, s_now.AddSeconds(i + each), s_now.AddSeconds(i))).Last();
        Assert.Equal(expected, said.TotalSeconds, 3);
    }

    [Fact]
    public void Take_ProgramStartedAnew_ForgetsTheClockOfBefore()
    {
        var skew = new ClockSkew();
        skew.Take(s_program, s_now.AddHours(1), s_now);
        Assert.Equal(TimeSpan.Zero, skew.Take(Guid.NewGuid(), s_now, s_now));
    }
}

using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Tests.Engines;

public sealed class EngineTimeTests
{
    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.0000000Z")]
    [InlineData("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.5000000Z")]
    [InlineData("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.1234567Z")]
    [InlineData("2026-01-31T12:00:00.1-05:30", "2026-01-31T17:30:00.1000000Z")]
    [InlineData("0001-01-01T00:00:00Z", null)]
    [InlineData("2026-02-30T12:00:00Z", null)]
    [InlineData("2026-01-31 12:00:00Z", null)]
    [InlineData("2026-01-31T12:00:00", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Parse_EnginesTimes_AreUtc(string? text, string? expected)
        => Assert.Equal(expected, EngineTime.Parse(text)?.UtcDateTime.ToString("O"));

    [Fact]
    public void ToQuery_TimeWithFraction_HasNineDigits()
        => Assert.Equal("1769860800.123456700", EngineTime.ToQuery(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567)));
}

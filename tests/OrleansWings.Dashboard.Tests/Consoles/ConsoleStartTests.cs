using OrleansWings.Consoles;
using OrleansWings.Dashboard.Consoles;

namespace OrleansWings.Dashboard.Tests.Consoles;

public sealed class ConsoleStartTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("0:1")]
    [InlineData("1:0")]
    [InlineData("-1:5")]
    [InlineData("1:2:3")]
    [InlineData("1: 2")]
    public void Decide_NothingOrNonsenseKept_IsFirstVisit(string? kept)
        => Assert.Equal(ConsoleStart.Newest, ConsoleStart.Decide(kept, new ConsolePosition(1, 50), 10_000));

    [Fact]
    public void Decide_KeptPlace_BeginsThere()
        => Assert.Equal(
            new ConsoleStart(ConsoleCursor.From(new(2, 5)), new ConsolePosition(2, 5), false),
            ConsoleStart.Decide("2:5", new ConsolePosition(2, 900), 10_000));

    [Fact]
    public void Decide_HeadNotKnown_BeginsThere()
        => Assert.Equal(ConsoleCursor.From(new(2, 5)), ConsoleStart.Decide("2:5", null, 10_000).Cursor);

    [Fact]
    public void Decide_FarTooMuchSince_TakesNewestAndSaysSo()
        => Assert.Equal(
            new ConsoleStart(ConsoleCursor.Last(10_000), new ConsolePosition(2, 5), true),
            ConsoleStart.Decide("2:5", new ConsolePosition(2, 1_000_000), 10_000));

    [Fact]
    public void Decide_NewRunSince_BeginsAtKeptPlace()
        => Assert.Equal(ConsoleCursor.From(new(2, 90_000)), ConsoleStart.Decide("2:90000", new ConsolePosition(3, 10), 10_000).Cursor);

    [Fact]
    public void Decide_PlaceBeyondHead_IsFirstVisit()
        => Assert.Equal(ConsoleStart.Newest, ConsoleStart.Decide("3:5", new ConsolePosition(2, 900), 10_000));
}

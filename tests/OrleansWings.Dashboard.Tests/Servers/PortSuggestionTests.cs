using OrleansWings.Dashboard.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class PortSuggestionTests
{
    [Fact]
    public void Next_NothingTaken_IsTheUsualOne() => Assert.Equal(25_565, PortSuggestion.Next([], []));

    [Fact]
    public void Next_Taken_IsTheNextFree() => Assert.Equal(25_567, PortSuggestion.Next([new("0.0.0.0", 25_565), new("10.0.0.1", 25_566)], []));

    [Fact]
    public void Next_OwnPorts_GoesOnFromTheLast() => Assert.Equal(30_001, PortSuggestion.Next([], [25_565, 30_000]));

    [Fact]
    public void Next_NoneLeft_IsNull() => Assert.Null(PortSuggestion.Next([], [65_535]));
}

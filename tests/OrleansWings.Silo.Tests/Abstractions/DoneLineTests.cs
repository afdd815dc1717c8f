using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Abstractions;

public sealed class DoneLineTests
{
    [Theory]
    [InlineData("Done", 4_092, true)]
    [InlineData("Done", 4_093, false)]
    [InlineData("regex:D.ne", 4_092, true)]
    [InlineData("regex:D.ne", 10_000_000, false)]
    public void Matches_LongLine_LooksAtItsBeginningOnly(string rule, int before, bool matches)
    {
        Assert.True(DoneLine.TryParse(rule, out var line, out _));

        Assert.Equal(matches, line!.Matches(new string('x', before) + "Done" + new string('x', 100)));
    }
}

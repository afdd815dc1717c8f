using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class DiskRuleTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(long.MaxValue, 0, false)]
    [InlineData(100 * MiB - 1, 100, false)]
    [InlineData(100 * MiB, 100, true)]
    [InlineData(long.MaxValue, 1_073_741_824, true)]
    public void IsFull_AtTheLimit(long bytes, long limit, bool isFull) => Assert.Equal(isFull, DiskRule.IsFull(bytes, limit));

    [Theory]
    [InlineData(89, false, false, false)]
    [InlineData(90, false, true, true)]
    [InlineData(99, false, true, true)]
    [InlineData(99, true, false, true)]
    [InlineData(89, true, false, true)]
    [InlineData(84, true, false, false)]
    public void Warn_OnceAtNinetyPercent_AndAgainAfterRoomWasMade(long mebibytes, bool wasWarned, bool isDue, bool isWarned)
        => Assert.Equal((isDue, isWarned), DiskRule.Warn(mebibytes * MiB, 100, wasWarned));

    [Fact]
    public void Warn_WithoutALimit_Never() => Assert.Equal((false, false), DiskRule.Warn(long.MaxValue, 0, true));

    [Fact]
    public void NextAt_WhoRunsAndHasALimitIsMeasuredMostOften()
    {
        var measured = ServerSamples.Now;
        Assert.Equal(default, DiskRule.NextAt(default, true, 100));
        Assert.Equal([5, 30, 300, 300], new[] { (true, 100L), (true, 0L), (false, 100L), (false, 0L) }.Select(one => (DiskRule.NextAt(measured, one.Item1, one.Item2) - measured).TotalSeconds));
    }

    [Fact]
    public void Describe_Rounds_AndALittleIsNotNothing()
    {
        Assert.Equal("The server's files take 0 of 20 MiB (0 %)", DiskRule.Describe(0, 20));
        Assert.Equal("The server's files take 19 of 20 MiB (95 %)", DiskRule.Describe(19 * MiB + 8_192, 20));
        Assert.Equal("The server's files take 1 of 2,048 MiB (0 %)", DiskRule.Describe(1, 2_048));
        Assert.Equal("The server's files take 2,100 of 2,048 MiB (103 %): its disk limit is reached.", DiskRule.DescribeFull(2_100 * MiB, 2_048));
    }
}

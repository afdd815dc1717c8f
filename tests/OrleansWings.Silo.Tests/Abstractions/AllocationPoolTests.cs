using OrleansWings.Allocations;

namespace OrleansWings.Silo.Tests.Abstractions;

public sealed class AllocationPoolTests
{
    [Theory]
    [InlineData("203.0.113.7", 100, true, true)]
    [InlineData("203.0.113.7", 109, true, true)]
    [InlineData("203.0.113.7", 99, false, false)]
    [InlineData("203.0.113.7", 110, false, false)]
    [InlineData("203.0.113.8", 100, false, false)]
    [InlineData("0.0.0.0", 100, false, true)]
    [InlineData("::", 100, false, true)]
    public void Pool_OfOneAddress_ContainsAndOverlaps(string ip, int port, bool contains, bool overlaps)
    {
        var pool = Pool("203.0.113.7", 100, 109);

        Assert.Equal((contains, overlaps), (pool.Contains(new Allocation(ip, port)), pool.Overlaps(new Allocation(ip, port))));
    }

    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("2001:db8::1", false)]
    public void Contains_PoolOfEveryAddress_HasEachOfThem(string ip, bool contains)
        => Assert.Equal(contains, Pool("0.0.0.0", 100, 109).Contains(new Allocation(ip, 105)));

    [Theory]
    [InlineData("203.0.113.7", 109, 120, true)]
    [InlineData("203.0.113.7", 90, 100, true)]
    [InlineData("203.0.113.7", 101, 102, true)]
    [InlineData("203.0.113.7", 1, 65535, true)]
    [InlineData("203.0.113.7", 110, 120, false)]
    [InlineData("203.0.113.7", 90, 99, false)]
    [InlineData("203.0.113.8", 100, 109, false)]
    [InlineData("0.0.0.0", 109, 120, true)]
    [InlineData("0.0.0.0", 110, 120, false)]
    public void Overlaps_OtherPool_WhenAPortIsInBoth(string address, int first, int last, bool expected)
    {
        Assert.Equal(expected, Pool("203.0.113.7", 100, 109).Overlaps(Pool(address, first, last)));
        Assert.Equal(expected, Pool(address, first, last).Overlaps(Pool("203.0.113.7", 100, 109)));
    }

    [Fact]
    public void Words_AndCount()
    {
        Assert.Equal(("203.0.113.7:100-109", 10), (Pool("203.0.113.7", 100, 109).ToString(), Pool("203.0.113.7", 100, 109).Count));
        Assert.Equal("[::1]:5", Pool("::1", 5, 5).ToString());
        Assert.Equal([new("::1", 5), new("::1", 6)], Pool("::1", 5, 6).Ports());
    }

    private static AllocationPool Pool(string address, int first, int last) => new() { Address = address, FirstPort = first, LastPort = last };
}

using OrleansWings.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class ServerWishesTests
{
    [Theory]
    [InlineData(0, 1_000, 1_000)] // a new one
    [InlineData(3, 1_000, 1_000)] // as older versions of the program counted
    [InlineData(1_000, 1_000, 1_001)] // twice in one millisecond
    [InlineData(5_000, 1_000, 5_001)] // a clock that is behind
    [InlineData(0, -5, 1)]
    public void NextEpoch_OfAnyClock_IsLaterThanTheLast(long last, long now, long expected)
        => Assert.Equal(expected, ServerWishes.NextEpoch(last, DateTimeOffset.FromUnixTimeMilliseconds(now)));

    [Theory]
    [InlineData("h1", 1, false)]
    [InlineData("h2", 1, true)]
    [InlineData("h2", 2, false)]
    public void AreRivals_OnlyWithOneEpochForTwoHosts(string host, long epoch, bool expected)
        => Assert.Equal(expected, ServerWishes.AreRivals(
            ServerSamples.Assignment with { Host = new HostId("h1"), Epoch = 1 }, ServerSamples.Assignment with { Host = new HostId(host), Epoch = epoch, Version = 9 }));
}

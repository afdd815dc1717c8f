using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class BackoffTests
{
    [Fact]
    public void After_EachTry_WaitsLongerUpToAMinute()
        => Assert.Equal([1, 1, 2, 5, 10, 30, 60, 60, 60], new[] { 0, 1, 2, 3, 4, 5, 6, 7, 1_000 }.Select(tries => Backoff.After(tries).TotalSeconds));
}

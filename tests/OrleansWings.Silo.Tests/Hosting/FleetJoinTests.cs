using System.Net;
using OrleansWings.Silo.Hosting;
using StackExchange.Redis;

namespace OrleansWings.Silo.Tests.Hosting;

public sealed class FleetJoinTests
{
    private static readonly IPAddress s_guess = IPAddress.Parse("172.17.0.1");

    [Fact]
    public void WrongAddress_GuessThatTheStoreIsNotReachedFrom_IsSaidWithTheRightOne()
    {
        var wrong = FleetJoin.WrongAddress(Options(() => IPAddress.Parse("10.0.0.7")));

        Assert.Contains("172.17.0.1", wrong, StringComparison.Ordinal);
        Assert.Contains("10.0.0.7", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongAddress_NoGuessOrARightOneOrNothingBetterKnown_IsNone()
    {
        Assert.Null(FleetJoin.WrongAddress(Options(null)));
        Assert.Null(FleetJoin.WrongAddress(Options(() => s_guess)));
        Assert.Null(FleetJoin.WrongAddress(Options(() => null)));
    }

    private static FleetOptions Options(Func<IPAddress?>? find)
        => new() { Redis = new ConfigurationOptions(), Address = s_guess, FindAddress = find, MachineKey = Guid.Empty };
}

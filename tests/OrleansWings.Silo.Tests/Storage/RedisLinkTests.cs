using OrleansWings.Silo.Storage;
using StackExchange.Redis;

namespace OrleansWings.Silo.Tests.Storage;

public sealed class RedisLinkTests
{
    public static TheoryData<Exception, bool> Faults => new()
    {
        { new RedisConnectionException(ConnectionFailureType.SocketClosed, "gone"), true },
        { new RedisTimeoutException("late", CommandStatus.Sent), true },
        { new TimeoutException(), true },
        { new InvalidOperationException("Reading is not allowed after reader was completed."), true }, // a command under which the connection broke
        { new ObjectDisposedException("socket"), true },
        { new IOException("reset"), true },
        { new FormatException("what is stored there is not ours"), false },
        { new TaskCanceledException(), true }, // of nobody's token: the same, another time
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void IsAway_IsEveryWayInWhichTheClientSaysThatNobodyAnswers(Exception fault, bool isAway)
        => Assert.Equal(isAway, RedisLink.IsAway(fault));
}

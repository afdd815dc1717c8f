using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime.Messaging;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Tests.Abstractions;

/// <summary>A read outlasts the control process that was to answer it, and not the reader's patience.</summary>
public sealed class GrainReadsTests
{
    private readonly FakeTimeProvider _time = new();
    private int _asked;

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(SiloUnavailableException))]
    [InlineData(typeof(OrleansMessageRejectionException))]
    [InlineData(typeof(ConnectionFailedException))]
    public async Task Read_WhileTheWayIsBroken_IsAskedAgain(Type fault)
        => Assert.Equal("here", await RunAsync(() => ++_asked < 6 ? throw Make(fault) : "here"));

    [Fact]
    public async Task Read_WayIsBrokenAllTheTime_SaysSoAfterItsPatience()
    {
        var begun = _time.GetTimestamp();

        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => RunAsync(() => throw Make(typeof(SiloUnavailableException))));

        Assert.StartsWith("No control process of the fleet can be reached", refused.Message, StringComparison.Ordinal);
        Assert.InRange(_time.GetElapsedTime(begun), GrainReads.Patience, GrainReads.Patience + TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(typeof(DamagedRecordException))]
    [InlineData(typeof(StoreUnreachableException))]
    public async Task Read_AnythingElse_IsThrownAtOnce(Type fault)
    {
        await Assert.ThrowsAsync(fault, () => RunAsync(() =>
        {
            _asked++;
            throw Make(fault);
        }));
        Assert.Equal(1, _asked);
    }

    private async Task<string> RunAsync(Func<string> read)
    {
        var reading = GrainReads.ReadAsync(() => Task.FromResult(read()), time: _time);
        while (!reading.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await reading;
    }

    // The runtime's own have constructors that only it may call.
    private static Exception Make(Type type)
        => (Exception)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, ["for this test"], null)!;
}

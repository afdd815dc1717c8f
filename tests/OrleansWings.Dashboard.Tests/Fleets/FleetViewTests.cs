using OrleansWings.Dashboard.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Fleets;

public sealed class FleetViewTests : DashboardContext
{
    [Fact]
    public async Task Watch_ManyChangesAtOnce_FewPictures()
    {
        var server = Add("lobby");
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        var pictures = 0;
        using var watch = View.Watch(() => Interlocked.Increment(ref pictures));
        for (var i = 0; i < 1_000; i++)
            server.Change(snapshot => snapshot with { Run = i });
        await View.UntilAsync(picture => picture.Servers[0].Snapshot.Run == 999);
        Assert.InRange(pictures, 1, 5);
    }

    [Fact]
    public async Task Watch_Disposed_IsToldNoMore()
    {
        var server = Add("lobby");
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        var isTold = false;
        View.Watch(() => isTold = true).Dispose();
        server.Enter(PowerState.Running);
        await View.UntilAsync(picture => picture.Servers[0].Snapshot.State == PowerState.Running);
        Assert.False(isTold);
    }

    [Fact]
    public async Task Watch_OneThatThrows_OthersAreTold()
    {
        await View.UntilAsync(picture => picture.IsLoaded);
        var isTold = false;
        using var bad = View.Watch(() => throw new InvalidOperationException());
        using var good = View.Watch(() => isTold = true);
        Add("lobby");
        await Until(() => isTold);
    }

    [Fact]
    public async Task Feed_Breaks_IsReadAgain()
    {
        Add("lobby");
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        Fleet.Break();
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-2") });
        await View.UntilAsync(picture => picture.Hosts.Length == 2);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(10, 200)]
    [InlineData(100, 900)]
    [InlineData(14_000, 2_000)] // the process stood still: what is shown is old enough
    public void IntervalAfter_IsNineTimesTheWork_WithinBounds(int tookMs, int expectedMs)
        => Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), FleetView.IntervalAfter(TimeSpan.FromMilliseconds(tookMs)));

    private static async Task Until(Func<bool> condition)
    {
        using var end = new CancellationTokenSource(Wait);
        while (!condition())
            await Task.Delay(10, end.Token);
    }
}

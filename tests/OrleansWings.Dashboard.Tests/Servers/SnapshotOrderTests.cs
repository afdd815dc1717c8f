using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class SnapshotOrderTests
{
    private static readonly ServerSnapshot s_old = Snapshots.Of(PowerState.Running) with { Epoch = 1, Revision = 5 };

    [Fact]
    public void Newer_HigherRevision_Wins() => Check(s_old, s_old with { Revision = 6, State = PowerState.Offline });

    [Fact]
    public void Newer_HigherEpoch_WinsOverRevision() => Check(s_old, s_old with { Epoch = 2, Revision = 1 });

    [Fact]
    public void Newer_SameRevision_LaterWins() => Check(s_old, s_old with { AsOf = s_old.AsOf.AddSeconds(1), IsReachable = false });

    [Fact]
    public void Newer_OneMissing_IsTheOther()
    {
        Assert.Same(s_old, SnapshotOrder.Newer(s_old, null));
        Assert.Same(s_old, SnapshotOrder.Newer(null, s_old));
        Assert.Null(SnapshotOrder.Newer(null, null));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Shown_IsConfirmedAsTheFeedSays_WhicheverIsNewer(bool isListedReachable, bool isAskedReachable)
    {
        var listed = s_old with { IsReachable = isListedReachable };
        var asked = s_old with { AsOf = s_old.AsOf.AddSeconds(1), Revision = 6, IsReachable = isAskedReachable };

        Assert.Equal(asked with { IsReachable = isListedReachable }, SnapshotOrder.Shown(listed, asked));
        Assert.Equal(listed, SnapshotOrder.Shown(listed, s_old with { Revision = 4, IsReachable = isAskedReachable }));
        Assert.Same(asked, SnapshotOrder.Shown(null, asked));
        Assert.Same(listed, SnapshotOrder.Shown(listed, null));
    }

    private static void Check(ServerSnapshot old, ServerSnapshot newer)
    {
        Assert.Same(newer, SnapshotOrder.Newer(old, newer));
        Assert.Same(newer, SnapshotOrder.Newer(newer, old));
    }
}

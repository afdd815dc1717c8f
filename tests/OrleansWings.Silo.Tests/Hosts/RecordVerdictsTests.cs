using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Clusters;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class RecordVerdictsTests
{
    private static readonly HostId s_here = new("here");

    [Theory]
    [InlineData("here", 1, RecordVerdict.Keep)]
    [InlineData("here", 2, RecordVerdict.Keep)]
    [InlineData("there", 2, RecordVerdict.Leave)]
    [InlineData("there", 1, RecordVerdict.Behind)]
    [InlineData("there", 0, RecordVerdict.Behind)]
    [InlineData("here", 0, RecordVerdict.Behind)]
    internal void Of_ARecord_LeavesOnlyWhatIsSurelyAnothers(string host, long epoch, RecordVerdict expected)
        => Assert.Equal(expected, RecordVerdicts.Of(s_here, Assignment(s_here, 1), Assignment(new HostId(host), epoch)));

    [Fact]
    public void Of_NoRecord_ProvesNothing()
        => Assert.Equal(RecordVerdict.Unclaimed, RecordVerdicts.Of(s_here, Assignment(s_here, 1), null));

    private static ServerAssignment Assignment(HostId host, long epoch)
        => new() { Server = ServerId.New(), Host = host, Epoch = epoch, Version = 1, Spec = Specs.Game() };
}

using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.Servers;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class ReconciliationTests
{
    [Theory]
    [InlineData(7, 1, true, null)]
    [InlineData(8, 1, true, null)]
    [InlineData(6, 1, true, HostFindingKind.StaleContainer)]
    // Given to another host and back while the game went on.
    [InlineData(7, 0, true, null)]
    [InlineData(6, 0, true, HostFindingKind.StaleContainer)]
    [InlineData(7, 2, true, null)]
    // What is left of the last run stays until the next start.
    [InlineData(6, 1, false, null)]
    public void Find_TheOnlyContainerOfAServer_IsStaleOnlyWhenItRunsAndIsEarlier(int run, int epoch, bool isRunning, HostFindingKind? kind)
        => Assert.Equal(kind, Find(Container("a", run, epoch, isRunning)).SingleOrDefault().Finding?.Kind);

    [Fact]
    public void Find_ASecondOne_IsNamed_ThePresentOneStays()
    {
        var found = Find(Container("present", 7, 1, true), Container("old", 6, 1, false));
        var (container, finding) = Assert.Single(found);
        Assert.Equal(("old", HostFindingKind.DoubledContainer, ServerSamples.Id), (container.Name, finding.Kind, finding.Server));
        Assert.Equal("Container old is a second one of its server (old, run 6, not running, now run 7).", finding.Text);
    }

    [Fact]
    public void Find_OneOfAServerThatNobodyKnows_IsNamedAsOrphaned()
    {
        var stray = Container("a", 7, 1, true) with { Labels = new Dictionary<string, string> { [ContainerLabels.ServerId] = ServerId.New().ToString(), [ContainerLabels.Run] = "1" } };
        Assert.Equal(HostFindingKind.OrphanedContainer, Assert.Single(Find(stray)).Finding.Kind);
    }

    [Fact]
    public void Find_WithoutANumber_NothingIsStale()
    {
        var unnumbered = Container("a", 1, 0, true);
        Assert.Empty(Find(unnumbered with { Labels = new Dictionary<string, string> { [ContainerLabels.ServerId] = ServerSamples.Id.ToString() } }));
        Assert.Empty(Find(unnumbered with { Labels = new Dictionary<string, string>() }));
    }

    [Fact]
    public void Find_OneThatIsBeingLeft_IsPassedOver()
        => Assert.Empty(Reconciliation.Find([Container("a", 1, 0, true)], new Dictionary<ServerId, ServerState>(), new HashSet<ServerId> { ServerSamples.Id }));

    [Fact]
    public void Differing_NamesEachThatIsNotAsSet()
    {
        var set = new ContainerLimits { MemoryBytes = 64, MemoryReservationBytes = 64, MemorySwapBytes = 64, CpuQuota = 1, CpuSet = "0", ProcessLimit = 5, IoWeight = 500 };
        Assert.Empty(Reconciliation.Differing(set, set));
        Assert.Equal(["memory", "swap"], Reconciliation.Differing(set, set with { MemoryBytes = 128, MemorySwapBytes = 256 }));
        Assert.Equal(["memory reservation", "CPU limit", "cores", "process limit", "I/O weight"],
            Reconciliation.Differing(set, set with { MemoryReservationBytes = 1, CpuQuota = 0, CpuSet = "0-1", ProcessLimit = 0, IoWeight = 10 }));
    }

    [Fact]
    public void Differing_WhatThisKernelDoesNotHave_IsNotMissed()
        => Assert.Empty(Reconciliation.Differing(new ContainerLimits { IoWeight = 500, MemorySwapBytes = 0 }, new ContainerLimits { IoWeight = 0, MemorySwapBytes = -1 }));

    [Theory]
    [InlineData(false, -1, false)] // discarded, as it was from engine 28.5 on cgroup version 2 and is on many kernels of version 1
    [InlineData(false, 256, true)]
    [InlineData(true, -1, true)] // an engine that has the limit: somebody took it away
    public void Differing_OfSwap_IsNoChangeWhereTheEngineCannotLimitIt(bool hasSwapLimit, long found, bool isChange)
    {
        var set = new ContainerLimits { MemoryBytes = 128, MemorySwapBytes = 128 };
        Assert.Equal(isChange ? ["swap"] : [], Reconciliation.Differing(set, set with { MemorySwapBytes = found }, hasSwapLimit));
    }

    private static (ContainerState Container, HostFinding Finding)[] Find(params ContainerState[] containers)
        => [.. Reconciliation.Find(containers, new Dictionary<ServerId, ServerState> { [ServerSamples.Id] = ServerSamples.In("running") }, new HashSet<ServerId>())];

    private static ContainerState Container(string name, int run, int epoch, bool isRunning) => new()
    {
        Id = new ContainerId(name),
        Name = name,
        Image = "game:1",
        IsRunning = isRunning,
        Labels = new Dictionary<string, string> { [ContainerLabels.ServerId] = ServerSamples.Id.ToString(), [ContainerLabels.Run] = $"{run}", [ContainerLabels.Epoch] = $"{epoch}" },
    };
}

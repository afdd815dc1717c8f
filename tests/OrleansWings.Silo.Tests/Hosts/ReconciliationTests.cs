using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

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

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Find_WithAnEpochAlone_AnEarlierOneIsStale(int later, bool isStale)
    {
        var labels = new Dictionary<string, string> { [ContainerLabels.ServerId] = ServerSamples.Id.ToString(), [ContainerLabels.Epoch] = $"{ServerSamples.Assignment.Epoch + later}" };
        Assert.Equal(isStale ? [HostFindingKind.StaleContainer] : [], Find(Container("a", 1, 0, true) with { Labels = labels }).Select(found => found.Finding.Kind));
    }

    [Fact]
    public void Find_OneThatIsBeingLeft_IsPassedOver()
        => Assert.Empty(Reconciliation.Find([Container("a", 1, 0, true)], new Dictionary<ServerId, ServerState>(), new HashSet<ServerId> { ServerSamples.Id }));

    [Theory]
    [InlineData(true, false, 7, true, false, false)]
    [InlineData(false, false, 7, false, false, false)]
    [InlineData(false, false, null, false, false, false)] // removed after its end
    [InlineData(true, false, 7, false, false, true)] // ended
    [InlineData(true, false, null, false, false, true)] // removed
    [InlineData(true, false, 6, true, false, true)] // only an earlier one is there
    [InlineData(false, false, 6, true, false, false)] // which is for the others to find
    [InlineData(false, false, 7, true, false, true)] // started by a stranger
    [InlineData(false, false, 8, true, false, true)]
    [InlineData(true, false, 7, true, true, true)] // paused
    [InlineData(true, true, 7, true, true, false)]
    [InlineData(true, true, 7, true, false, true)]
    public void Unheard_OnlyThoseThatAreNotAsTheirContainer(bool hasProcess, bool isShownPaused, int? run, bool isRunning, bool isPaused, bool isNamed)
    {
        var state = ServerSamples.In(hasProcess ? "running" : "offline") with { Run = 7, StartedAt = hasProcess ? ServerSamples.Now : null };
        ContainerState[] ours = run is { } number ? [Container("a", number, 1, isRunning) with { IsPaused = isPaused }] : [];
        var known = new Dictionary<ServerId, (ServerState, bool)> { [ServerSamples.Id] = (state, isShownPaused) };

        Assert.Equal(isNamed ? [ServerSamples.Id] : [], Reconciliation.Unheard(ours, known));
    }

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
    public void Differing_WhatTheEngineCannotPutInForce_IsNobodysChange()
    {
        var set = new ContainerLimits { MemoryBytes = 64, MemoryReservationBytes = 64, MemorySwapBytes = 64, CpuQuota = 1, CpuSet = "0", ProcessLimit = 5 };
        var discarded = new ContainerLimits { MemorySwapBytes = -1 };
        var engine = new FakeContainerEngine().Facts;

        Assert.Empty(Reconciliation.Differing(set, discarded, engine with { HasMemoryLimit = false, HasSwapLimit = false, HasCpuLimit = false, HasCpuSet = false, HasProcessLimit = false }));
        Assert.Equal(["CPU limit"], Reconciliation.Differing(set, discarded, engine with { HasMemoryLimit = false, HasSwapLimit = false, HasCpuSet = false, HasProcessLimit = false }));
    }

    [Fact]
    public void Find_MadeAfterItsServerWasDeleted_IsStale()
    {
        var deleted = ServerSamples.DeletedIn("offline");
        deleted = deleted with { Run = 7, DeletedVersion = deleted.Assignment.Version };
        var late = Container("a", 7, 1, isRunning: false);

        Assert.Equal(HostFindingKind.StaleContainer, Assert.Single(Reconciliation.Find([late], new Dictionary<ServerId, ServerState> { [ServerSamples.Id] = deleted }, new HashSet<ServerId>())).Finding.Kind);
        Assert.Empty(Reconciliation.Find([late], new Dictionary<ServerId, ServerState> { [ServerSamples.Id] = deleted with { DeletedVersion = 0 } }, new HashSet<ServerId>()));
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
        Assert.Equal(isChange ? ["swap"] : [], Reconciliation.Differing(set, set with { MemorySwapBytes = found }, new FakeContainerEngine().Facts with { HasSwapLimit = hasSwapLimit }));
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

using OrleansWings.Servers;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

public sealed class LimitChangeTests
{
    private static readonly ServerLimits s_inForce = new() { MemoryMiB = 1_024, SwapMiB = 256, CpuPercent = 200, CpuSet = "0-1", ProcessLimit = 512, IoWeight = 500, DiskMiB = 4_096 };

    [Fact]
    public void Reachable_OtherValues_AreAllReached()
    {
        var wanted = new ServerLimits { MemoryMiB = 2_048, SwapMiB = -1, CpuPercent = 50, CpuSet = "1", ProcessLimit = 64, IoWeight = 10, DiskMiB = 1 };

        Assert.Equal(wanted, LimitChange.Reachable(s_inForce, wanted));
        Assert.Empty(LimitChange.Waiting(wanted, wanted, 2_048));
    }

    [Fact]
    public void Reachable_LimitsTakenAway_OnlyCpuProcessesAndDiskCanGo()
    {
        var wanted = new ServerLimits { ProcessLimit = 0, IoWeight = 0 };

        var reached = LimitChange.Reachable(s_inForce, wanted);

        Assert.Equal(s_inForce with { CpuPercent = 0, ProcessLimit = 0, DiskMiB = 0 }, reached);
        Assert.Equal(["memory", "cores", "I/O weight"], LimitChange.Waiting(reached, wanted, 1_024));
    }

    [Fact]
    public void NotInForce_NamesWhatIsWantedAndCannotBe()
    {
        var able = new FakeContainerEngine().Facts;
        var unable = able with { HasMemoryLimit = false, HasSwapLimit = false, HasCpuLimit = false, HasCpuSet = false, HasProcessLimit = false };

        Assert.Empty(LimitChange.NotInForce(s_inForce, able));
        Assert.Equal(["memory", "CPU limit", "cores", "process limit"], LimitChange.NotInForce(s_inForce, unable));
        Assert.Empty(LimitChange.NotInForce(new ServerLimits { ProcessLimit = 0 }, unable));
        Assert.Equal(["swap"], LimitChange.NotInForce(s_inForce, able with { HasSwapLimit = false }));
        // No swap and any swap are what there is without the limit, as far as anybody asked.
        Assert.Empty(LimitChange.NotInForce(s_inForce with { SwapMiB = 0 }, able with { HasSwapLimit = false }));
        Assert.Empty(LimitChange.NotInForce(s_inForce with { SwapMiB = -1 }, able with { HasSwapLimit = false }));
    }

    [Fact]
    public void Waiting_SwapWrittenDownWithoutAMemoryLimit_IsNothing()
    {
        var inForce = s_inForce with { MemoryMiB = 0, SwapMiB = 0 };
        var wanted = inForce with { SwapMiB = 512 };

        Assert.Equal(inForce, LimitChange.Reachable(inForce, wanted));
        Assert.Empty(LimitChange.Waiting(inForce, wanted, 0));
    }

    [Fact]
    public void Waiting_MemoryOtherThanWhatTheGameWasTold_SaysSo()
    {
        var wanted = s_inForce with { MemoryMiB = 2_048 };

        Assert.Equal(["memory"], LimitChange.Waiting(s_inForce, wanted, 1_024));
        Assert.Equal(["what the game is told of its memory (SERVER_MEMORY)"], LimitChange.Waiting(wanted, wanted, 1_024));
        Assert.Empty(LimitChange.Waiting(wanted, wanted, 2_048));
    }

    [Fact]
    public void Waiting_WhetherTheKernelMayKill_WaitsForTheNextStart()
    {
        var wanted = s_inForce with { IsOomKillDisabled = true };

        Assert.Equal(s_inForce, LimitChange.Reachable(s_inForce, wanted));
        Assert.Equal(["OOM kill"], LimitChange.Waiting(s_inForce, wanted, 1_024));
    }

    [Fact]
    public void Parts_TakenOneByOne_AreTheWhole()
    {
        var wanted = new ServerLimits { MemoryMiB = 1, SwapMiB = 2, CpuPercent = 3, CpuSet = "4", ProcessLimit = 5, IoWeight = 6, DiskMiB = 7 };

        wanted = wanted with { IsOomKillDisabled = true };
        Assert.Equal(wanted, LimitChange.Parts.Aggregate(s_inForce, (limits, part) => part.Take(limits, wanted)));
        Assert.All(LimitChange.Parts, part => Assert.NotEqual(s_inForce, part.Take(s_inForce, wanted)));
    }

    [Theory]
    [InlineData(2_048, 256, 200, "memory 2,048 MiB and 256 MiB of swap")]
    [InlineData(2_048, -1, 200, "memory 2,048 MiB and any swap")]
    [InlineData(1_024, 0, 0, "memory 1,024 MiB, CPU limit none")]
    [InlineData(1_024, 256, 150, "CPU limit 150 %")]
    [InlineData(1_024, 256, 200, "")]
    public void Describe_SaysWhatChanged(long memory, long swap, long cpu, string words)
        => Assert.Equal(words, LimitChange.Describe(s_inForce, s_inForce with { MemoryMiB = memory, SwapMiB = swap, CpuPercent = cpu }));

    [Theory]
    [InlineData(64, 32, 40, true)]
    [InlineData(0, 32, 40, true)]
    [InlineData(64, 32, 32, true)] // at the limit nothing is left for the next page
    [InlineData(64, 32, 31, false)]
    [InlineData(64, 32, null, false)]
    [InlineData(64, 64, 70, false)]
    [InlineData(32, 64, 70, false)]
    [InlineData(64, 0, 70, false)]
    public void WhyNotMemory_OnlyLessThanIsUsed_IsNamed(long inForce, long wanted, int? usedMiB, bool isRefused)
        => Assert.Equal(isRefused, LimitChange.WhyNotMemory(inForce, wanted, usedMiB is { } used ? (long)used << 20 : null) is not null);
}

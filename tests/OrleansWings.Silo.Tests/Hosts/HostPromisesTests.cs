using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class HostPromisesTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(2048, 0, 2048)]
    [InlineData(2048, 4096, 2048)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 100, 100)]
    [InlineData(0, 4096, 4096)]
    public void To_Memory_IsTheLimitOrWhatIsUsed(long limit, long used, long expected)
        => Assert.Equal(expected, HostPromises.To(new ServerLimits { MemoryMiB = limit }, Sample(used, cpu: 0)).MemoryMiB);

    [Theory]
    [InlineData(200, 0, 200)]
    [InlineData(200, 350, 200)]
    [InlineData(0, 350, 350)]
    [InlineData(0, 0, 0)]
    public void To_Cpu_IsTheLimitOrWhatIsUsed(int limit, double used, long expected)
        => Assert.Equal(expected, HostPromises.To(new ServerLimits { CpuPercent = limit }, Sample(0, used)).CpuPercent);

    [Fact]
    public void To_AServerOfAnOlderVersion_CountsAsWithoutLimits()
        => Assert.Equal(new ServerShare(0, 0, 0), HostPromises.To(limits: null, usage: null));

    [Fact]
    public void Of_AMachineThatIsNotKnown_IsNothing() => Assert.Null(HostPromises.Of(new HostRecord(), usage: null));

    [Fact]
    public void Of_ServersAndMeasurements_SumsLimitsUsageAndLeavesOutTheDeleted()
    {
        var (limited, unlimited, small, unknown, deleted) = (ServerId.New(), ServerId.New(), ServerId.New(), ServerId.New(), ServerId.New());
        var host = new HostRecord
        {
            Facts = new HostFacts { EngineVersion = "28", ApiVersion = "1", OperatingSystem = "", CgroupVersion = "2", Cores = 4, MemoryBytes = 8192 * MiB, DiskBytes = 100_000 * MiB },
            Settings = new HostSettings { OverCommit = new OverCommit { Memory = 1.5, Cpu = 3, Disk = 0.5 } },
            Servers =
            {
                [limited] = new("limited", [], IsDeleted: false, new ServerLimits { MemoryMiB = 1024, CpuPercent = 150, DiskMiB = 10_000 }),
                [unlimited] = new("unlimited", [], IsDeleted: false, new ServerLimits()),
                [small] = new("small", [], IsDeleted: false, new ServerLimits()),
                [unknown] = new("of an older version", [], IsDeleted: false),
                [deleted] = new("deleted", [], IsDeleted: true, new ServerLimits { MemoryMiB = 4096, DiskMiB = 5_000 }),
            },
        };
        var usage = new HostUsage
        {
            Host = new HostId("eu-1"),
            Servers = [new ServerUsage(unlimited, Sample(700, cpu: 30)), new ServerUsage(small, Sample(100, cpu: 0)), new ServerUsage(limited, Sample(50, cpu: 300))],
            Load = new HostLoad { CpuPercent = 333.3, MemoryBytes = 3000 * MiB, DiskFreeBytes = 60_000 * MiB },
        };

        var capacity = HostPromises.Of(host, usage)!;

        Assert.Equal(new CapacityShare { Total = 8192, Factor = 1.5, Promised = 1824, Used = 3000, Expected = 412 + 512 }, capacity.Memory);
        Assert.Equal(new CapacityShare { Total = 400, Factor = 3, Promised = 180, Used = 333 }, capacity.Cpu);
        Assert.Equal(new CapacityShare { Total = 100_000, Factor = 0.5, Promised = 10_000, Used = 40_000 }, capacity.Disk);
        Assert.Equal((12_288, 9_288), (capacity.Memory.Limit, capacity.Memory.Free));
        Assert.Equal((1_200, 867), (capacity.Cpu.Limit, capacity.Cpu.Free));
        Assert.Equal((50_000, 10_000), (capacity.Disk.Limit, capacity.Disk.Free));
    }

    [Fact]
    public void Of_Pools_CountsWhatIsHeldOfThem()
    {
        var host = new HostRecord
        {
            Facts = new HostFacts { EngineVersion = "28", ApiVersion = "1", OperatingSystem = "", CgroupVersion = "2" },
            Settings = new HostSettings
            {
                Pools = [new() { Address = "203.0.113.7", FirstPort = 100, LastPort = 109 }, new() { Address = "203.0.113.8", FirstPort = 100, LastPort = 104 }],
            },
            Servers = { [ServerId.New()] = new("N", [new("203.0.113.7", 100), new("203.0.113.7", 99), new("0.0.0.0", 101)], IsDeleted: false) },
        };

        var capacity = HostPromises.Of(host, usage: null)!;

        Assert.Equal((15, 12), (capacity.PoolPorts, capacity.FreePoolPorts));
    }

    [Theory]
    [InlineData(600, 100, 400, 400)]
    [InlineData(100, 600, 900, 400)]
    [InlineData(2000, 100, 0, 0)]
    [InlineData(0, 2000, 1000, 0)]
    public void Share_PromisedAndUsed_WhicheverIsMoreIsGone(long promised, long used, long unpromised, long free)
    {
        var share = new CapacityShare { Total = 1000, Promised = promised, Used = used };

        Assert.Equal((unpromised, free), (share.Unpromised, share.Free));
    }

    private static UsageSample Sample(long memoryMiB, double cpu) => new() { MemoryBytes = memoryMiB * MiB, CpuPercent = cpu };
}

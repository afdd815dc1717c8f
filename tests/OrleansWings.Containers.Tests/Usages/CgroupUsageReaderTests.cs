using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Tests.Usages;

/// <summary>On files as kernels write them, with more devices and other layouts than were recorded: whole recordings of version 2 are in <see cref="RecordedCgroup2Tests"/>.</summary>
public sealed class CgroupUsageReaderTests : IDisposable
{
    private const int ProcessId = 4711;
    private static readonly ContainerId s_container = new(new string('a', 64));

    private readonly string _root = Directory.CreateTempSubdirectory("ow-cgroup-").FullName;

    public CgroupUsageReaderTests()
    {
        Write($"proc/{ProcessId}/net/dev", """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:    5000      50    0    0    0     0          0         0     5000      50    0    0    0     0       0          0
              eth0:     200       2    0    0    0     0          0         0      300       3    0    0    0     0       0          0
              eth1:123456789012      2    0    0    0     0          0         0        7       1    0    0    0     0       0          0

            """);
    }

    [Theory]
    [InlineData("/docker/{0}")]
    [InlineData("/system.slice/docker-{0}.scope")]
    public void Read_Version2_HasEveryCounter(string group)
    {
        WriteV2(string.Format(System.Globalization.CultureInfo.InvariantCulture, group, s_container.Value));
        var counters = Reader().Read(s_container, ProcessId);
        Assert.NotNull(counters);
        Assert.Equal(TimeSpan.FromMicroseconds(2_512_345), counters.CpuTime);
        Assert.Equal(25_571_328 - 20_971_520, counters.MemoryBytes);
        Assert.Equal(67_108_864, counters.MemoryLimitBytes);
        Assert.Equal(4096, counters.DiskReadBytes);
        Assert.Equal(20_971_520 + 512, counters.DiskWriteBytes);
        Assert.Equal(3, counters.Processes);
        Assert.Equal(200 + 123_456_789_012, counters.NetworkRxBytes);
        Assert.Equal(307, counters.NetworkTxBytes);
    }

    [Fact]
    public void Read_Version2WithoutLimit_LimitIsZero()
    {
        var group = $"/docker/{s_container.Value}";
        WriteV2(group);
        Write($"cgroup{group}/memory.max", "max\n");
        Assert.Equal(0, Reader().Read(s_container, ProcessId)?.MemoryLimitBytes);
    }

    [Theory]
    [InlineData("cpuacct")]
    [InlineData("cpu,cpuacct")]
    public void Read_Version1_HasEveryCounter(string cpuFolder)
    {
        WriteV1(cpuFolder);
        var counters = Reader().Read(s_container, ProcessId);
        Assert.NotNull(counters);
        Assert.Equal(TimeSpan.FromTicks(531_374), counters.CpuTime);
        Assert.Equal(585_728 - 100_000, counters.MemoryBytes);
        Assert.Equal(0, counters.MemoryLimitBytes);
        Assert.Equal(1024, counters.DiskReadBytes);
        Assert.Equal(2048 + 4096, counters.DiskWriteBytes);
        Assert.Equal(2, counters.Processes);
    }

    [Theory]
    [InlineData("blkio/blkio.throttle.io_service_bytes", "254:0 Read 1024\n254:0 Write 2048\nTotal 3072\n", 0L)]
    [InlineData("blkio/blkio.throttle.io_service_bytes", "Total 0\n", null)] // a kernel that does not count
    [InlineData("blkio/none", "", null)]
    public void Read_Version1DiskNotUsed_IsNoneOrNotCounted(string file, string text, long? expected)
    {
        WriteV1("cpuacct");
        Write($"cgroup/blkio/docker/{s_container.Value}/blkio.throttle.io_service_bytes", "Total 0\n");
        Write($"cgroup/{file}", text);
        var counters = Reader().Read(s_container, ProcessId);
        Assert.Equal((expected, expected), (counters?.DiskReadBytes, counters?.DiskWriteBytes));
    }

    [Theory]
    [InlineData("254:0 rbytes=4096 wbytes=20971520 rios=1 wios=25 dbytes=0 dios=0\n", 0L)]
    [InlineData("", null)]
    public void Read_Version2DiskNotUsed_IsNoneOrNotCounted(string ofAll, long? expected)
    {
        WriteV2($"/docker/{s_container.Value}");
        Write($"cgroup/docker/{s_container.Value}/io.stat", "");
        Write("cgroup/io.stat", ofAll);
        var counters = Reader().Read(s_container, ProcessId);
        Assert.Equal((expected, expected), (counters?.DiskReadBytes, counters?.DiskWriteBytes));
    }

    [Fact]
    public void Read_ProcessIsAnothers_IsNull()
    {
        WriteV2($"/docker/{new string('b', 64)}");
        Assert.Null(Reader().Read(s_container, ProcessId));
    }

    [Fact]
    public void Read_NothingThere_IsNull()
    {
        Assert.Null(Reader().Read(s_container, ProcessId));
        Assert.Null(Reader().Read(s_container, 0));
    }

    [Fact]
    public void Read_GroupGone_IsNullAndComesBackWithTheNext()
    {
        var group = $"/docker/{s_container.Value}";
        WriteV2(group);
        var reader = Reader();
        Assert.NotNull(reader.Read(s_container, ProcessId));
        // The kernel's files say nothing more once their group is gone; an ordinary one that is open outlives its name.
        File.WriteAllText($"{_root}/cgroup{group}/cpu.stat", "");
        Directory.Delete($"{_root}/cgroup{group}", recursive: true);
        Assert.Null(reader.Read(s_container, ProcessId));
        WriteV2(group);
        Assert.NotNull(reader.Read(s_container, ProcessId));
    }

    [Fact]
    public void Read_HostsNetwork_CountsNone()
    {
        WriteV2($"/docker/{s_container.Value}");
        foreach (var process in (string[])["1", $"{ProcessId}"])
        {
            Directory.CreateDirectory($"{_root}/proc/{process}/ns");
            File.CreateSymbolicLink($"{_root}/proc/{process}/ns/net", "net:[4026531840]");
        }

        Assert.Equal(0, Reader().Read(s_container, ProcessId)?.NetworkRxBytes);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private CgroupUsageReader Reader() => new($"{_root}/cgroup", $"{_root}/proc");

    private void WriteV2(string group)
    {
        Write($"proc/{ProcessId}/cgroup", $"0::{group}\n");
        Write($"cgroup{group}/cpu.stat", "usage_usec 2512345\nuser_usec 2000000\nsystem_usec 512345\nnr_periods 26\nnr_throttled 25\nthrottled_usec 2412345\n");
        Write($"cgroup{group}/memory.current", "25571328\n");
        Write($"cgroup{group}/memory.max", "67108864\n");
        Write($"cgroup{group}/memory.stat", "anon 540672\nfile 20971520\nkernel 1769472\ninactive_anon 532480\nactive_anon 8192\ninactive_file 20971520\nactive_file 0\n");
        Write($"cgroup{group}/pids.current", "3\n");
        Write($"cgroup{group}/io.stat", "254:0 rbytes=4096 wbytes=20971520 rios=1 wios=25 dbytes=0 dios=0\n254:16 rbytes=0 wbytes=512 rios=0 wios=1 dbytes=0 dios=0\n");
    }

    private void WriteV1(string cpuFolder)
    {
        var group = $"/docker/{s_container.Value}";
        Write($"proc/{ProcessId}/cgroup", $"9:name=systemd:{group}\n8:pids:{group}\n7:blkio:{group}\n4:memory:{group}\n2:{cpuFolder}:{group}\n0::{group}\n");
        Write($"cgroup/{cpuFolder}{group}/cpuacct.usage", "53137401\n");
        Write($"cgroup/memory{group}/memory.usage_in_bytes", "585728\n");
        Write($"cgroup/memory{group}/memory.limit_in_bytes", "9223372036854771712\n");
        Write($"cgroup/memory{group}/memory.stat", "cache 1\ninactive_file 7\ntotal_inactive_file 100000\n");
        Write($"cgroup/pids{group}/pids.current", "2\n");
        Write($"cgroup/blkio{group}/blkio.throttle.io_service_bytes", "254:0 Read 1024\n254:0 Write 2048\n254:0 Sync 0\n254:16 Write 4096\nTotal 7168\n");
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}

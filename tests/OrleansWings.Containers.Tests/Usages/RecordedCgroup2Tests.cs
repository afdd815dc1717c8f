using System.Text.Json;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Tests.Usages;

/// <summary>
/// The files of two containers of engine 28.5 on cgroup version 2, both frozen, and what the engine said of them at that time: recorded in
/// tests/engine/cgroup2-machine. The idle one has no limits; the busy one has, held memory, wrote to the disk, was throttled and lost a process to its memory limit.
/// </summary>
public sealed class RecordedCgroup2Tests
{
    [Theory]
    [InlineData("idle")]
    [InlineData("busy")]
    public void Read_RecordedContainer_IsWhatTheEngineSaidOfIt(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Usages", "Recorded", name);
        var process = int.Parse(Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(folder, "proc")))), null);
        var container = new ContainerId(Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(folder, "cgroup", "docker")))));
        using var said = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "stats.json")));
        using var after = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "networks-after.json")));
        var (cpu, memory, network) = (said.RootElement.GetProperty("cpu_stats"), said.RootElement.GetProperty("memory_stats"), said.RootElement.GetProperty("networks").GetProperty("eth0"));

        var counters = new CgroupUsageReader(Path.Combine(folder, "cgroup"), Path.Combine(folder, "proc")).Read(container, process);

        Assert.NotNull(counters);
        Assert.Equal(Number(cpu.GetProperty("cpu_usage"), "total_usage"), (long)counters.CpuTime.TotalNanoseconds);
        Assert.Equal(Number(memory, "usage") - Number(memory.GetProperty("stats"), "inactive_file"), counters.MemoryBytes);
        // Without a limit the engine says what the machine has.
        Assert.Equal(name == "idle" ? 0 : Number(memory, "limit"), counters.MemoryLimitBytes);
        Assert.Equal(Number(said.RootElement.GetProperty("pids_stats"), "current"), counters.Processes);
        Assert.Equal((Disk(said.RootElement, "read"), Disk(said.RootElement, "write")), (counters.DiskReadBytes, counters.DiskWriteBytes));
        // The bridge has packets of its own, also for a frozen container.
        Assert.InRange(counters.NetworkRxBytes, Number(network, "rx_bytes"), Number(after.RootElement.GetProperty("eth0"), "rx_bytes"));
        Assert.Equal(Number(network, "tx_bytes"), counters.NetworkTxBytes);
    }

    [Fact]
    public void Read_BusyContainer_IsAsItWasMade()
    {
        var counters = new CgroupUsageReader(Path.Combine(AppContext.BaseDirectory, "Usages", "Recorded", "busy", "cgroup"), Path.Combine(AppContext.BaseDirectory, "Usages", "Recorded", "busy", "proc"))
            .Read(new ContainerId("d69fb34e3e33af9dce94d243edca117b7fe584c56db582dc0f50c890be4fff90"), 804);

        Assert.NotNull(counters);
        Assert.Equal(128 << 20, counters.MemoryLimitBytes);
        Assert.InRange(counters.MemoryBytes, 20 << 20, 22 << 20); // 20 MiB held in /tmp
        Assert.Equal(8 << 20, counters.DiskWriteBytes);
        Assert.Equal(3, counters.Processes);
    }

    private static long Number(JsonElement part, string name) => part.GetProperty(name).GetInt64();

    private static long? Disk(JsonElement stats, string operation)
        => stats.GetProperty("blkio_stats").GetProperty("io_service_bytes_recursive") is { ValueKind: JsonValueKind.Array } all
            ? all.EnumerateArray().Where(entry => entry.GetProperty("op").GetString() == operation).Sum(entry => entry.GetProperty("value").GetInt64())
            : 0;
}

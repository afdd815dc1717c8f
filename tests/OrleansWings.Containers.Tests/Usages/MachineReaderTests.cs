using OrleansWings.Containers.Usages;

namespace OrleansWings.Containers.Tests.Usages;

public sealed class MachineReaderTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("ow-proc-").FullName;

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    [Fact]
    public void Read_TwoReadings_GivesTheCpuBetweenThemInPercentOfOneCore()
    {
        Write("cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3\ncpu1 1 2 3\nintr 5\n", "MemTotal:       1000 kB\nMemFree: 10 kB\nMemAvailable:    400 kB\n");
        var before = Read()!;
        Write("cpu  120 10 120 750 120 10 10 10 99 0\ncpu0 1 2 3\ncpu1 1 2 3\nintr 5\n", "MemTotal:       1000 kB\nMemFree: 10 kB\nMemAvailable:    250 kB\n");
        var now = Read()!;

        Assert.Equal((200, 1000, 2, 600 * 1024), (before.Busy, before.Ticks, before.Cores, before.MemoryBytes));
        // 80 of 150 ticks of two cores.
        Assert.Equal(80.0 / 150 * 200, now.CpuPercentSince(before), 6);
        Assert.Equal(750 * 1024, now.MemoryBytes);
        Assert.Equal(0, before.CpuPercentSince(now));
        Assert.Equal(0, now.CpuPercentSince(now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 1 2\n")]
    [InlineData("cpu \n")]
    public void Read_NoSuchFile_IsNothing(string stat)
    {
        if (stat.Length > 0)
            Write(stat, "");

        Assert.Null(Read());
    }

    [Fact]
    public void Read_ThisMachine_KnowsItsCores()
    {
        var machine = new MachineReader(TimeProvider.System).Read()!;

        Assert.True(machine.Cores >= 1);
        Assert.InRange(machine.MemoryBytes, 1, long.MaxValue);
    }

    private MachineCounters? Read() => new MachineReader(TimeProvider.System, _proc).Read();

    private void Write(string stat, string memory)
    {
        File.WriteAllText(Path.Combine(_proc, "stat"), stat);
        File.WriteAllText(Path.Combine(_proc, "meminfo"), memory);
    }
}

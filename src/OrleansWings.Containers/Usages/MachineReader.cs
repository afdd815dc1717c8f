namespace OrleansWings.Containers.Usages;

/// <summary>What the whole machine has done since it was started, as the kernel's files say.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Busy">What the cores did but waiting, in the kernel's ticks.</param>
/// <param name="Ticks">Everything, waiting too.</param>
/// <param name="Cores">How many there are.</param>
/// <param name="MemoryBytes">Memory in use that the kernel could not drop.</param>
public sealed record MachineCounters(DateTimeOffset At, long Busy, long Ticks, int Cores, long MemoryBytes)
{
    /// <summary>CPU between two readings, in % of one core.</summary>
    public double CpuPercentSince(MachineCounters before)
        => Ticks <= before.Ticks ? 0 : Math.Clamp((double)(Busy - before.Busy) / (Ticks - before.Ticks), 0, 1) * Cores * 100;
}

/// <summary>Reads the machine's own files; a container of the program sees the machine's there too.</summary>
public sealed class MachineReader(TimeProvider time, string proc = "/proc")
{
    // A machine of hundreds of cores has a line for each; what follows them is not needed.
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>The machine now; null where there are no such files.</summary>
    public MachineCounters? Read()
    {
        var stat = KernelFile.Read(Path.Combine(proc, "stat"), _buffer);
        if (!ReadCpu(stat, out var busy, out var ticks, out var cores))
            return null;
        var memory = KernelFile.Read(Path.Combine(proc, "meminfo"), _buffer);
        var (total, available) = (KiB(memory, "MemTotal:"u8), KiB(memory, "MemAvailable:"u8));
        return new MachineCounters(time.GetUtcNow(), busy, ticks, cores, Math.Max(0, total - available) * 1024);
    }

    // "cpu  user nice system idle iowait irq softirq steal guest guest_nice", then the same of each core. Guests are in user.
    private static bool ReadCpu(ReadOnlySpan<byte> stat, out long busy, out long ticks, out int cores)
    {
        (busy, ticks, cores) = (0, 0, 0);
        var line = KernelFile.TakeLine(ref stat);
        if (!KernelFile.TakeWord(ref line).SequenceEqual("cpu"u8))
            return false;
        for (var i = 0; i < 8; i++)
        {
            var value = KernelFile.Number(KernelFile.TakeWord(ref line)) ?? 0;
            ticks += value;
            if (i is not (3 or 4))
                busy += value;
        }

        while (KernelFile.TakeLine(ref stat) is var core && core.StartsWith("cpu"u8))
            cores++;
        return cores > 0;
    }

    private static long KiB(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (!text.IsEmpty)
        {
            var line = KernelFile.TakeLine(ref text);
            if (KernelFile.TakeWord(ref line).SequenceEqual(key))
                return KernelFile.Number(KernelFile.TakeWord(ref line)) ?? 0;
        }

        return 0;
    }
}

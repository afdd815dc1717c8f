namespace OrleansWings.Containers.Usages;

/// <summary>Where the counters of one container lie, and how this version of cgroups writes them.</summary>
internal abstract class CgroupFiles(string cpu, string memory, string memoryLimit, string memoryParts, string processes, string disk) : IDisposable
{
    protected KeptFile Cpu { get; } = new(cpu);

    protected KeptFile Memory { get; } = new(memory);

    protected KeptFile MemoryLimit { get; } = new(memoryLimit);

    protected KeptFile MemoryParts { get; } = new(memoryParts);

    protected KeptFile Processes { get; } = new(processes);

    protected KeptFile Disk { get; } = new(disk);

    /// <summary>CPU time used; null when the container's group is gone.</summary>
    public abstract TimeSpan? ReadCpu(Span<byte> buffer);

    public abstract long ReadMemory(Span<byte> buffer);

    public abstract long ReadMemoryLimit(Span<byte> buffer);

    public long ReadProcesses(Span<byte> buffer) => KernelFile.Number(Processes.Read(buffer)) ?? 0;

    /// <summary>Null where the kernel does not count it.</summary>
    public abstract (long Read, long Written)? ReadDisk(Span<byte> buffer);

    /// <summary>Closes what is kept open.</summary>
    public void Dispose()
    {
        foreach (var file in (KeptFile[])[Cpu, Memory, MemoryLimit, MemoryParts, Processes, Disk])
            file.Dispose();
    }
}

/// <summary>Version 1: a folder per controller.</summary>
internal sealed class CgroupFilesV1(string cpu, string memory, string processes, string disk, Lazy<bool> isDiskCounted)
    : CgroupFiles(
        Path.Combine(cpu, "cpuacct.usage"), Path.Combine(memory, "memory.usage_in_bytes"), Path.Combine(memory, "memory.limit_in_bytes"),
        Path.Combine(memory, "memory.stat"), Path.Combine(processes, "pids.current"), Path.Combine(disk, "blkio.throttle.io_service_bytes"))
{
    // "No limit" is the largest number of whole pages, whatever their size.
    private const long NoLimit = 1L << 60;

    public override TimeSpan? ReadCpu(Span<byte> buffer)
        => KernelFile.Number(Cpu.Read(buffer)) is { } nanoseconds ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;

    public override long ReadMemory(Span<byte> buffer)
    {
        var usage = KernelFile.Number(Memory.Read(buffer)) ?? 0;
        return UsageMath.WithoutCache(usage, KernelFile.Value(MemoryParts.Read(buffer), "total_inactive_file"u8) ?? 0);
    }

    public override long ReadMemoryLimit(Span<byte> buffer) => KernelFile.Number(MemoryLimit.Read(buffer)) is { } limit and < NoLimit ? limit : 0;

    /// <summary>Lines like "254:0 Write 4096", and a total at the end.</summary>
    public override (long Read, long Written)? ReadDisk(Span<byte> buffer)
    {
        var isThere = false;
        long read = 0, written = 0;
        var text = Disk.Read(buffer);
        while (!text.IsEmpty)
        {
            var line = KernelFile.TakeLine(ref text);
            KernelFile.TakeWord(ref line);
            var operation = KernelFile.TakeWord(ref line);
            isThere |= operation.SequenceEqual("Read"u8) || operation.SequenceEqual("Write"u8);
            if (operation.SequenceEqual("Read"u8))
                read += KernelFile.Number(line) ?? 0;
            else if (operation.SequenceEqual("Write"u8))
                written += KernelFile.Number(line) ?? 0;
        }

        return isThere || isDiskCounted.Value ? (read, written) : null;
    }
}

/// <summary>Version 2: one folder.</summary>
internal sealed class CgroupFilesV2(string folder, Lazy<bool> isDiskCounted)
    : CgroupFiles(
        Path.Combine(folder, "cpu.stat"), Path.Combine(folder, "memory.current"), Path.Combine(folder, "memory.max"),
        Path.Combine(folder, "memory.stat"), Path.Combine(folder, "pids.current"), Path.Combine(folder, "io.stat"))
{
    public override TimeSpan? ReadCpu(Span<byte> buffer)
        => KernelFile.Value(Cpu.Read(buffer), "usage_usec"u8) is { } microseconds ? TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null;

    public override long ReadMemory(Span<byte> buffer)
    {
        var usage = KernelFile.Number(Memory.Read(buffer)) ?? 0;
        return UsageMath.WithoutCache(usage, KernelFile.Value(MemoryParts.Read(buffer), "inactive_file"u8) ?? 0);
    }

    public override long ReadMemoryLimit(Span<byte> buffer) => KernelFile.Number(MemoryLimit.Read(buffer)) ?? 0;

    /// <summary>Lines like "254:0 rbytes=0 wbytes=4096 rios=0 …".</summary>
    public override (long Read, long Written)? ReadDisk(Span<byte> buffer)
    {
        var isThere = false;
        long read = 0, written = 0;
        var text = Disk.Read(buffer);
        while (!text.IsEmpty)
        {
            var line = KernelFile.TakeLine(ref text);
            while (!line.IsEmpty)
            {
                var word = KernelFile.TakeWord(ref line);
                isThere |= word.StartsWith("rbytes="u8);
                if (word.StartsWith("rbytes="u8))
                    read += KernelFile.Number(word["rbytes="u8.Length..]) ?? 0;
                else if (word.StartsWith("wbytes="u8))
                    written += KernelFile.Number(word["wbytes="u8.Length..]) ?? 0;
            }
        }

        return isThere || isDiskCounted.Value ? (read, written) : null;
    }
}

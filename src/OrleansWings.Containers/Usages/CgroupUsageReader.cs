using System.Buffers;
using System.Collections.Concurrent;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Containers.Usages;

/// <summary>Reads counters from the kernel's own files, cgroup version 1 (or hybrid) and 2.</summary>
/// <param name="cgroupRoot">Where the cgroups are mounted. Default: /sys/fs/cgroup.</param>
/// <param name="procRoot">Where the host's processes are seen. Default: /proc.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class CgroupUsageReader(string cgroupRoot = "/sys/fs/cgroup", string procRoot = "/proc", TimeProvider? time = null) : IUsageReader
{
    private const int LargestFile = 16 * 1024;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<ContainerId, Source> _sources = new();
    private readonly Lazy<bool> _isDiskCounted = new(() => CgroupFinder.IsDiskCounted(cgroupRoot));

    public UsageCounters? Read(ContainerId container, int processId)
    {
        if (!_sources.TryGetValue(container, out var source) || source.ProcessId != processId)
        {
            // A container without a process has no counters, and process 0 would be the machine.
            if (processId <= 0 || CgroupFinder.Find(cgroupRoot, procRoot, container, processId, _isDiskCounted) is not { } files)
                return null;

            Forget(container);
            _sources[container] = source = new Source(processId, files, new NetworkFile(procRoot, processId));
        }

        var counters = Read(source);
        if (counters is null)
            Forget(container);
        return counters;
    }

    // Its counters were found by a process that is the container's: the number alone may be another's by now, or another machine's.
    public int? CountConnections(ContainerId container, int processId, IReadOnlySet<int> ports)
        => _sources.TryGetValue(container, out var source) && source.ProcessId == processId ? SocketTable.CountConnections(procRoot, processId, ports) : null;

    public void Forget(ContainerId container)
    {
        if (_sources.TryRemove(container, out var source))
            source.Files.Dispose();
    }

    private UsageCounters? Read(Source source)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LargestFile);
        try
        {
            // The time belongs to the CPU counter: a rate is made of these two.
            var at = _time.GetUtcNow();
            if (source.Files.ReadCpu(buffer) is not { } cpu)
                return null;

            var (received, sent) = source.Network.Read(buffer);
            var disk = source.Files.ReadDisk(buffer);
            return new UsageCounters
            {
                At = at,
                CpuTime = cpu,
                MemoryBytes = source.Files.ReadMemory(buffer),
                MemoryLimitBytes = source.Files.ReadMemoryLimit(buffer),
                NetworkRxBytes = received,
                NetworkTxBytes = sent,
                DiskReadBytes = disk?.Read,
                DiskWriteBytes = disk?.Written,
                Processes = source.Files.ReadProcesses(buffer),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed record Source(int ProcessId, CgroupFiles Files, NetworkFile Network);
}

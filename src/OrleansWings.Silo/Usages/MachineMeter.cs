using System.Collections.Immutable;
using OrleansWings.Containers.Usages;
using OrleansWings.Hosts;
using OrleansWings.Silo.Hosts;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Usages;

/// <summary>Measures the whole machine beside its servers: what is left for another one.</summary>
internal sealed class MachineMeter(MachineReader machine, HostPaths paths)
{
    private MachineCounters? _before;

    /// <summary>The machine now; null where it cannot be measured.</summary>
    public HostLoad? Measure(ImmutableArray<ServerUsage> servers)
    {
        if (machine.Read() is not { } now)
            return null;
        var cpu = _before is null ? 0 : now.CpuPercentSince(_before);
        _before = now;
        return new HostLoad
        {
            At = now.At,
            CpuPercent = cpu,
            MemoryBytes = now.MemoryBytes,
            DiskFreeBytes = paths.Disk()?.AvailableFreeSpace ?? 0,
            ServersCpuPercent = servers.Sum(server => server.Sample.CpuPercent),
            ServersMemoryBytes = servers.Sum(server => server.Sample.MemoryBytes),
        };
    }
}

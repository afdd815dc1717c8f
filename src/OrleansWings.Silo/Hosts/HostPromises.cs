using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Hosts;

/// <summary>What a server takes of its host: memory in MiB, CPU in % of one core, disk in MiB.</summary>
internal readonly record struct ServerShare(long MemoryMiB, long CpuPercent, long DiskMiB);

/// <summary>How much of a host is promised to its servers: pure.</summary>
internal static class HostPromises
{
    /// <summary>What a server without a memory limit is reckoned with at least when hosts are ranked: it may not run yet.</summary>
    public const long ExpectedMemoryMiB = 512;

    private const long MiB = 1024 * 1024;

    /// <summary>What is promised to a server: its limits, and where it has none what it uses.</summary>
    /// <param name="limits">Its limits; null when they are not known, as of one that an older version listed.</param>
    /// <param name="usage">What it was measured to use; null while it does not run.</param>
    public static ServerShare To(ServerLimits? limits, UsageSample? usage)
    {
        var (memory, cpu) = (limits?.MemoryMiB ?? 0, limits?.CpuPercent ?? 0);
        return new ServerShare(
            memory > 0 ? memory : (usage?.MemoryBytes ?? 0) / MiB,
            cpu > 0 ? cpu : (long)(usage?.CpuPercent ?? 0),
            limits?.DiskMiB ?? 0);
    }

    /// <summary>The host with everything that is promised; null before its machine is known.</summary>
    public static HostCapacity? Of(HostRecord host, HostUsage? usage)
    {
        if (host.Facts is not { } facts)
            return null;
        var samples = usage?.Servers.ToDictionary(server => server.Server, server => server.Sample) ?? [];
        var servers = host.Servers.Where(server => !server.Value.IsDeleted)
            .Select(server => (server.Value.Limits, Share: To(server.Value.Limits, samples.GetValueOrDefault(server.Key)))).ToArray();
        var shares = servers.Select(server => server.Share).ToArray();
        var factors = host.Settings.OverCommit;
        var poolPorts = host.Settings.Pools.Sum(pool => pool.Count);
        return new HostCapacity
        {
            Memory = new()
            {
                Total = facts.MemoryBytes / MiB,
                Factor = factors.Memory,
                Promised = shares.Sum(share => share.MemoryMiB),
                Expected = servers.Where(server => server.Limits is not { MemoryMiB: > 0 }).Sum(server => Math.Max(0, ExpectedMemoryMiB - server.Share.MemoryMiB)),
                Used = (usage?.Load?.MemoryBytes ?? 0) / MiB,
            },
            Cpu = new()
            {
                Total = facts.Cores * 100,
                Factor = factors.Cpu,
                Promised = shares.Sum(share => share.CpuPercent),
                Used = (long)(usage?.Load?.CpuPercent ?? 0),
            },
            Disk = new()
            {
                Total = facts.DiskBytes / MiB,
                Factor = factors.Disk,
                Promised = shares.Sum(share => share.DiskMiB),
                Used = facts.DiskBytes > 0 && usage?.Load is { } load ? Math.Max(0, facts.DiskBytes - load.DiskFreeBytes) / MiB : 0,
            },
            PoolPorts = poolPorts,
            FreePoolPorts = poolPorts - HeldPoolPorts(host),
        };
    }

    // A port that is held on every address takes it from each pool that has it.
    private static int HeldPoolPorts(HostRecord host)
    {
        var held = host.Servers.Values.SelectMany(server => server.AllPorts()).ToArray();
        return host.Settings.Pools.Sum(pool => held.Where(pool.Overlaps).DistinctBy(port => port.Port).Count());
    }
}

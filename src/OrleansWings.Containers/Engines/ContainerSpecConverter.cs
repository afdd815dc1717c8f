using System.Globalization;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

/// <summary>Turns our words into the engine's. Nothing else knows how the engine spells a port, a mount or a limit.</summary>
internal static class ContainerSpecConverter
{
    private const long CpuPeriodMicroseconds = 100_000;

    // What a game never needs, and what an attacker in it would want first. "Net_bind_service" is why servers cannot take ports under 1024 inside.
    private static readonly string[] s_droppedCapabilities =
    [
        "setpcap", "mknod", "audit_write", "net_raw", "dac_override", "fowner", "fsetid", "net_bind_service", "sys_chroot", "setfcap",
    ];

    public static CreateContainerParameters ToCreate(ContainerSpec spec) => new()
    {
        Name = spec.Name,
        Hostname = spec.Name,
        Domainname = spec.DomainName,
        User = spec.User,
        Image = spec.Image,
        Cmd = spec.Command.Count == 0 ? null! : [.. spec.Command],
        Env = [.. spec.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
        Labels = new Dictionary<string, string>(spec.Labels),
        Tty = true,
        OpenStdin = true,
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        ExposedPorts = PortKeys(spec).ToDictionary(key => key, _ => default(EmptyStruct)),
        HostConfig = ToHostConfig(spec),
    };

    public static ContainerUpdateParameters ToUpdate(ContainerLimits limits) => new()
    {
        Memory = limits.MemoryBytes,
        MemoryReservation = limits.MemoryReservationBytes,
        MemorySwap = limits.MemorySwapBytes,
        CPUQuota = limits.CpuQuota == 0 ? -1 : limits.CpuQuota,
        CPUPeriod = limits.CpuQuota == 0 ? 0 : CpuPeriodMicroseconds,
        CpusetCpus = limits.CpuSet,
        PidsLimit = limits.ProcessLimit == 0 ? -1 : limits.ProcessLimit,
        BlkioWeight = limits.IoWeight,
    };

    private static HostConfig ToHostConfig(ContainerSpec spec) => new()
    {
        PortBindings = ToBindings(spec.Ports),
        Mounts = [.. spec.Mounts.Select(mount => new Mount { Type = "bind", Source = mount.Source, Target = mount.Target, ReadOnly = mount.IsReadOnly })],
        Tmpfs = new Dictionary<string, string> { ["/tmp"] = $"rw,exec,nosuid,size={spec.TmpfsMiB.ToString(CultureInfo.InvariantCulture)}M" },
        DNS = [.. spec.Dns],
        LogConfig = new LogConfig { Type = spec.LogDriver, Config = ToLogOptions(spec) },
        SecurityOpt = ["no-new-privileges"],
        ReadonlyRootfs = spec.IsReadOnlyRoot,
        CapDrop = s_droppedCapabilities,
        NetworkMode = spec.NetworkMode,
        UsernsMode = spec.UsernsMode,
        Init = spec.HasInit ? true : null,
        Memory = spec.Limits.MemoryBytes,
        MemoryReservation = spec.Limits.MemoryReservationBytes,
        MemorySwap = spec.Limits.MemorySwapBytes,
        CPUQuota = spec.Limits.CpuQuota,
        CPUPeriod = spec.Limits.CpuQuota == 0 ? 0 : CpuPeriodMicroseconds,
        CpusetCpus = spec.Limits.CpuSet,
        PidsLimit = spec.Limits.ProcessLimit == 0 ? null : spec.Limits.ProcessLimit,
        BlkioWeight = spec.Limits.IoWeight,
        OomKillDisable = spec.Limits.IsOomKillDisabled ? true : null,
    };

    private static Dictionary<string, IList<Docker.DotNet.Models.PortBinding>> ToBindings(IReadOnlyList<PortBinding> ports)
    {
        var bindings = new Dictionary<string, IList<Docker.DotNet.Models.PortBinding>>();
        foreach (var port in ports.Distinct())
        {
            foreach (var key in PortKeys(port))
            {
                if (!bindings.TryGetValue(key, out var list))
                    bindings[key] = list = [];

                list.Add(new Docker.DotNet.Models.PortBinding { HostIP = port.Ip, HostPort = port.Port.ToString(CultureInfo.InvariantCulture) });
            }
        }

        return bindings;
    }

    // The defaults are meant for the drivers that write files; any other would refuse them.
    private static Dictionary<string, string> ToLogOptions(ContainerSpec spec)
        => ReferenceEquals(spec.LogOptions, LogDefaults.Options) && spec.LogDriver is not (LogDefaults.Driver or "json-file") ? [] : new(spec.LogOptions);

    private static IEnumerable<string> PortKeys(ContainerSpec spec) => spec.Ports.SelectMany(PortKeys).Distinct();

    private static IEnumerable<string> PortKeys(PortBinding port)
        => [string.Create(CultureInfo.InvariantCulture, $"{port.Port}/tcp"), string.Create(CultureInfo.InvariantCulture, $"{port.Port}/udp")];
}

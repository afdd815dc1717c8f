namespace OrleansWings.Containers.Engines;

/// <summary>What the engine is asked to make: our words, converted in one place. The defaults are the seed's hardening.</summary>
public sealed record ContainerSpec
{
    /// <summary>Name and host name.</summary>
    public required string Name { get; init; }

    /// <summary>The image, without the "~".</summary>
    public required string Image { get; init; }

    /// <summary>"uid:gid". Default: "988:988".</summary>
    public string User { get; init; } = "988:988";

    /// <summary>Replaces the image's command. Default: empty, the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Environment, name to value.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels, name to value.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Published addresses; TCP and UDP both, the same port inside.</summary>
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];

    /// <summary>Bind mounts.</summary>
    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    /// <summary>Limits.</summary>
    public ContainerLimits Limits { get; init; } = new();

    /// <summary>The network's name, or "none", "host". Default: "bridge".</summary>
    public string NetworkMode { get; init; } = "bridge";

    /// <summary>Name servers. Default: empty, the engine's.</summary>
    public IReadOnlyList<string> Dns { get; init; } = [];

    /// <summary>Size of the memory disk on /tmp, in MiB. Default: 100.</summary>
    public int TmpfsMiB { get; init; } = 100;

    /// <summary>Log driver. Default: "local": raw bytes survive in it.</summary>
    public string LogDriver { get; init; } = LogDefaults.Driver;

    /// <summary>Options of the log driver. Default: <see cref="LogDefaults.Options"/>.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = LogDefaults.Options;

    /// <summary>Domain name. Default: "".</summary>
    public string DomainName { get; init; } = "";

    /// <summary>User namespace mode. Default: "", the engine's.</summary>
    public string UsernsMode { get; init; } = "";

    /// <summary>Whether the engine's init process is the first one inside. Default: false.</summary>
    public bool HasInit { get; init; }

    /// <summary>Read-only root file system. Default: true.</summary>
    public bool IsReadOnlyRoot { get; init; } = true;
}

/// <summary>An address of the host that leads to the same port of the container, TCP and UDP.</summary>
/// <param name="Ip">IPv4 or IPv6.</param>
/// <param name="Port">1 to 65,535.</param>
public sealed record PortBinding(string Ip, int Port);

/// <summary>A folder of the host in the container.</summary>
public sealed record BindMount(string Source, string Target, bool IsReadOnly);

/// <summary>
/// Limits in the engine's units; 0 is left out of a new container. On a live one 0 takes a CPU quota or process limit away, and leaves
/// memory, pinning and I/O weight as they are: an engine cannot take those away.
/// </summary>
public sealed record ContainerLimits
{
    /// <summary>Bytes; 0 for none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Soft limit, bytes; 0 for none.</summary>
    public long MemoryReservationBytes { get; init; }

    /// <summary>Memory and swap together, bytes; -1 for no limit, 0 to leave it to the engine.</summary>
    public long MemorySwapBytes { get; init; }

    /// <summary>µs of CPU per period of 100 ms; 0 for none (period left out too).</summary>
    public long CpuQuota { get; init; }

    /// <summary>"0-3,6"; empty for all.</summary>
    public string CpuSet { get; init; } = "";

    /// <summary>Processes; 0 for no limit.</summary>
    public long ProcessLimit { get; init; }

    /// <summary>10 to 1,000; 0 for the kernel's own.</summary>
    public ushort IoWeight { get; init; }

    /// <summary>Whether the kernel lets a process without memory wait rather than end it. Of a new container only; cgroup version 2 does not have it.</summary>
    public bool IsOomKillDisabled { get; init; }
}

namespace OrleansWings.Containers.Engines;

/// <summary>What an engine says of itself.</summary>
public sealed record EngineFacts
{
    public required string Version { get; init; }

    public required string ApiVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public required int Cores { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>"1" or "2".</summary>
    public required string CgroupVersion { get; init; }

    /// <summary>"cgroupfs" or "systemd"; "none" of a rootless engine that has no groups: it limits and measures nothing.</summary>
    public required string CgroupDriver { get; init; }

    /// <summary>Whether it can limit swap. If not, it discards what it is asked, with a warning, and says -1 of the container.</summary>
    public bool HasSwapLimit { get; init; } = true;

    /// <summary>Whether it can limit memory. What it cannot limit it takes all the same, often without a word; a rootless engine mostly lacks some.</summary>
    public bool HasMemoryLimit { get; init; } = true;

    /// <summary>Whether it can limit CPU time.</summary>
    public bool HasCpuLimit { get; init; } = true;

    /// <summary>Whether it can bind containers to cores.</summary>
    public bool HasCpuSet { get; init; } = true;

    /// <summary>Whether it can limit how many processes there are.</summary>
    public bool HasProcessLimit { get; init; } = true;

    /// <summary>Who root of its containers is on the machine, where the engine remaps users ("userns-remap"): the first of a range. Null where it does not.</summary>
    public (int User, int Group)? RemappedRoot { get; init; }

    /// <summary>The engine's own id and its data folder, as several on one machine may have one id: another at the same address is another engine, with other containers.</summary>
    public required string Id { get; init; }
}

/// <summary>An image on the engine.</summary>
public sealed record ImageState(string Id, IReadOnlyList<string> Tags, long SizeBytes)
{
    /// <summary>Its names by what they hold ("game@sha256:…"); none for one that was made here.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>The environment that its containers begin with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The labels that its containers begin with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The command of containers that are given none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
}

/// <summary>An image in the engine's store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tags">Its names with their tags; none for one that a newer build has pushed aside.</param>
/// <param name="SizeBytes">What it takes with the layers that it shares with others.</param>
/// <param name="IsUsed">Whether a container of anybody's, running or not, is made of it.</param>
public sealed record StoredImage(string Id, IReadOnlyList<string> Tags, long SizeBytes, bool IsUsed)
{
    /// <summary>Its names by what they hold ("game@sha256:…"); none for one that was made here.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];
}

/// <summary>A user name and password for one registry.</summary>
public sealed record RegistryCredentials(string Registry, string UserName, string Password);

/// <summary>A step of a pull.</summary>
/// <param name="Layer">The layer's short id; empty for the pull as a whole.</param>
/// <param name="Status">The engine's word: "Downloading", "Pull complete", …</param>
/// <param name="CurrentBytes">Of this layer; 0 when not said.</param>
/// <param name="TotalBytes">Of this layer; 0 when not said.</param>
public sealed record PullProgress(string Layer, string Status, long CurrentBytes, long TotalBytes);

/// <summary>A network on the engine.</summary>
public sealed record NetworkState(string Id, string Name, string Driver, IReadOnlyList<string> Subnets, IReadOnlyList<string> Gateways, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>A network to make.</summary>
public sealed record NetworkSpec
{
    public required string Name { get; init; }

    public string Driver { get; init; } = "bridge";

    /// <summary>"172.30.0.0/16"; null for the engine's choice.</summary>
    public string? Subnet { get; init; }

    public string? Gateway { get; init; }

    /// <summary>"fd00:1::/64"; null for none, or when <see cref="Subnet"/> is the one of IPv6.</summary>
    public string? Subnet6 { get; init; }

    public string? Gateway6 { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public bool IsInternal { get; init; }
}

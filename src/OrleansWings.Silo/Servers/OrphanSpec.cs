using System.Collections.Immutable;
using System.Globalization;
using OrleansWings.Allocations;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// From a container back to a wish: what <see cref="ServerContainer"/> did, undone as far as a container tells. Pure. Name, stop rule and done-lines
/// stand on no container; the disk limit neither, and "~" only by what the whole wish comes to.
/// </summary>
internal static class OrphanSpec
{
    private const long MiB = 1024 * 1024;

    /// <param name="server">Whose container it is.</param>
    /// <param name="container">It, inspected.</param>
    /// <param name="image">Its image, of which the engine mixes environment, labels and command into the container's; null when it is gone.</param>
    /// <param name="identities">The folder of mounts that the platform adds by itself.</param>
    public static ServerSpec Of(ServerId server, ContainerState container, ImageState? image, string identities)
    {
        var making = container.Making ?? new ContainerMaking();
        var ports = PortsOf(making);
        var spec = new ServerSpec
        {
            Name = $"Adopted {server.ToString()[..8]}",
            Image = container.Image,
            Startup = making.Environment.GetValueOrDefault("STARTUP") ?? "",
            TimeZone = making.Environment.GetValueOrDefault("TZ") is { Length: > 0 } zone ? zone : "UTC",
            Command = image is not null && making.Command.SequenceEqual(image.Command) ? [] : [.. making.Command],
            Environment = Without(making.Environment, image?.Environment)
                .Where(variable => ServerSpecValidator.CheckEnvironment(variable.Key, variable.Value) is null)
                .ToImmutableSortedDictionary(),
            Labels = Without(container.Labels, image?.Labels)
                .Where(label => ServerSpecValidator.CheckLabel(label.Key, label.Value) is null)
                .ToImmutableSortedDictionary(),
            Limits = LimitsOf(container.Limits ?? new ContainerLimits()),
            Ports = ports,
            IsOutgoingIpForced = ports.Length > 0 && container.NetworkMode == OutgoingNetworks.NameOf(ports[0].Ip),
            Mounts =
            [
                .. making.Mounts.Where(mount => mount.Target != ServerContainer.Home && !IsBelow(mount.Source, identities))
                    .Select(mount => new MountSpec(mount.Source, mount.Target, mount.IsReadOnly)),
            ],
        };
        var local = spec with { Image = "~" + spec.Image };
        return IsNeverPulled(spec, local, container, image) ? local : spec;
    }

    // Where the wish has more to it than the container tells, by where the image is from: one that no registry has is not to be taken from somebody else's of that name.
    private static bool IsNeverPulled(ServerSpec plain, ServerSpec local, ContainerState container, ImageState? image)
        => ServerContainer.IsMadeOf(container, local) || (!ServerContainer.IsMadeOf(container, plain) && image is not { Digests.Count: > 0 });

    private static ServerLimits LimitsOf(ContainerLimits limits) => new()
    {
        MemoryMiB = limits.MemoryBytes / MiB,
        SwapMiB = limits.MemorySwapBytes < 0 ? -1 : limits.MemoryBytes == 0 ? 0 : Math.Max(0, limits.MemorySwapBytes - limits.MemoryBytes) / MiB,
        CpuPercent = limits.CpuQuota / 1_000,
        CpuSet = limits.CpuSet,
        ProcessLimit = limits.ProcessLimit,
        IoWeight = limits.IoWeight,
        IsOomKillDisabled = limits.IsOomKillDisabled,
    };

    // The engine forgets the order; the primary one is what the process was told.
    private static ImmutableArray<Allocation> PortsOf(ContainerMaking making)
    {
        _ = int.TryParse(making.Environment.GetValueOrDefault("SERVER_PORT"), NumberStyles.None, CultureInfo.InvariantCulture, out var primary);
        var ip = making.Environment.GetValueOrDefault("SERVER_IP");
        return
        [
            .. making.Ports.OrderByDescending(port => port.Port == primary).ThenByDescending(port => port.Ip == ip)
                .Select(port => new Allocation(port.Ip, port.Port)),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string>> Without(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string>? others)
        => all.Where(pair => others is null || !others.TryGetValue(pair.Key, out var other) || other != pair.Value);

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}

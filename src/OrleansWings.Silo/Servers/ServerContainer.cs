using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Servers;

/// <summary>From what a user asks to what the engine is asked: pure, one place.</summary>
internal static class ServerContainer
{
    /// <summary>Where a server's own files are in its container.</summary>
    public const string Home = "/home/container";

    private const long MiB = 1024 * 1024;

    /// <param name="mounts">The spec's mounts as <see cref="MountGuard"/> resolved them.</param>
    /// <param name="network">The bridge it is on; null in the modes that have none.</param>
    public static ContainerSpec Build(
        ServerAssignment assignment, int run, Guid cluster, string volume, ImmutableArray<MountSpec> mounts, NetworkState? network, DockerHostOptions options)
    {
        var spec = assignment.Spec;
        var name = assignment.Server.ToString();
        return new ContainerSpec
        {
            Name = name,
            Image = LocalName(spec.Image),
            User = options.ContainerUser,
            Command = spec.Command,
            Environment = BuildEnvironment(spec, network?.Gateways.FirstOrDefault()),
            Labels = new Dictionary<string, string>(spec.Labels)
            {
                [ContainerLabels.Cluster] = cluster.ToString("D"),
                [ContainerLabels.ServerId] = name,
                [ContainerLabels.Run] = run.ToString(CultureInfo.InvariantCulture),
                [ContainerLabels.Epoch] = assignment.Epoch.ToString(CultureInfo.InvariantCulture),
                [ContainerLabels.Kind] = ContainerLabels.KindServer,
                [ContainerLabels.Spec] = Hash(spec),
            },
            Ports = [.. spec.Ports.Select(port => new PortBinding(port.Ip, port.Port))],
            Mounts =
            [
                new BindMount(volume, Home, IsReadOnly: false),
                .. mounts.Select(mount => new BindMount(mount.Source, mount.Target, mount.IsReadOnly)),
            ],
            Limits = BuildLimits(spec.Limits),
            NetworkMode = network?.Name ?? options.Network,
            TmpfsMiB = options.TmpfsMiB,
            Dns = [.. options.Dns.Select(server => server.ToString())],
            DomainName = options.DomainName,
            LogDriver = options.LogDriver,
            LogOptions = options.LogOptions,
            UsernsMode = options.UsernsMode,
            HasInit = options.HasInit,
        };
    }

    /// <summary>Whether the image must be on the host already and is never pulled.</summary>
    public static bool IsLocalOnly(string image) => image.StartsWith('~');

    /// <summary>The name the engine knows.</summary>
    public static string LocalName(string image) => image.TrimStart('~');

    /// <summary>The limits in the engine's units, as the seed converts them; what is 0 is left out.</summary>
    public static ContainerLimits BuildLimits(ServerLimits limits) => new()
    {
        MemoryBytes = limits.MemoryMiB * MiB,
        MemoryReservationBytes = limits.MemoryMiB * MiB,
        MemorySwapBytes = limits.MemoryMiB == 0 ? 0 : limits.SwapMiB < 0 ? -1 : (limits.MemoryMiB + limits.SwapMiB) * MiB,
        CpuQuota = limits.CpuPercent * 1_000,
        CpuSet = limits.CpuSet,
        ProcessLimit = limits.ProcessLimit,
        IoWeight = (ushort)limits.IoWeight,
        IsOomKillDisabled = limits.IsOomKillDisabled,
    };

    /// <summary>Whether a container was made of the spec.</summary>
    public static bool IsMadeOf(ContainerState container, ServerSpec spec)
        => container.Labels.GetValueOrDefault(ContainerLabels.Spec) == Hash(spec);

    private static Dictionary<string, string> BuildEnvironment(ServerSpec spec, string? gateway)
    {
        var primary = spec.Ports.FirstOrDefault();
        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal)
        {
            ["TZ"] = spec.TimeZone,
            ["STARTUP"] = spec.Startup,
            ["SERVER_MEMORY"] = spec.Limits.MemoryMiB.ToString(CultureInfo.InvariantCulture),
            ["SERVER_IP"] = primary?.Ip switch { null => "0.0.0.0", "127.0.0.1" => gateway ?? "127.0.0.1", var ip => ip },
            ["SERVER_PORT"] = (primary?.Port ?? 0).ToString(CultureInfo.InvariantCulture),
        };
        return environment;
    }

    /// <summary>Changes with whatever of a spec waits for the next start. The name, the way to stop and what is done after a crash count at once; where it runs is the record's.</summary>
    public static string Hash(ServerSpec spec)
    {
        var made = spec with
        {
            Name = "",
            Stop = StopRule.Default,
            RestartOnCrash = true,
            StartPriority = 0,
            Host = null,
            HostLabels = ImmutableSortedDictionary<string, string>.Empty,
            Placement = default,
            PortCount = 0,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(made, WingsJson.Options)))[..16];
    }
}

using System.Globalization;
using System.Net;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

/// <summary>Turns the engine's words about a container into ours.</summary>
internal static class ContainerStateConverter
{
    private const string Created = "created";

    public static ContainerState From(ContainerInspectResponse found)
    {
        var state = found.State ?? new State();
        return new ContainerState
        {
            Id = new ContainerId(found.ID),
            Name = TrimName(found.Name),
            Image = found.Config?.Image ?? found.Image,
            Labels = Copy(found.Config?.Labels),
            IsRunning = state.Running,
            IsPaused = state.Paused,
            IsCreated = state.Status == Created,
            ProcessId = (int)state.Pid,
            StartedAt = EngineTime.Parse(state.StartedAt),
            Exit = ToExit(state, found.Created),
            Addresses = ToAddresses(found.NetworkSettings?.Networks),
            NetworkMode = found.HostConfig?.NetworkMode ?? "",
            Limits = found.HostConfig is { } host ? ToLimits(host) : null,
            Making = ToMaking(found),
        };
    }

    private static ContainerMaking ToMaking(ContainerInspectResponse found) => new()
    {
        Environment = ToEnvironment(found.Config?.Env),
        Command = [.. found.Config?.Cmd ?? []],
        Ports =
        [
            .. (found.HostConfig?.PortBindings ?? new Dictionary<string, IList<Docker.DotNet.Models.PortBinding>>()).Values.SelectMany(bindings => bindings ?? [])
                .Where(binding => int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(binding => new PortBinding(binding.HostIP is { Length: > 0 } ip ? ip : "0.0.0.0", int.Parse(binding.HostPort, CultureInfo.InvariantCulture)))
                .Distinct().OrderBy(binding => binding.Port).ThenBy(binding => binding.Ip, StringComparer.Ordinal),
        ],
        Mounts = [.. (found.HostConfig?.Mounts ?? []).Where(mount => mount.Type == "bind").Select(mount => new BindMount(mount.Source ?? "", mount.Target ?? "", mount.ReadOnly ?? false))],
    };

    /// <summary>"NAME=value", as engines and images have them.</summary>
    public static IReadOnlyDictionary<string, string> ToEnvironment(IEnumerable<string>? variables)
        => (variables ?? []).Select(variable => variable.Split('=', 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Last()[1], StringComparer.Ordinal);

    // "None" is 0 here, whatever the engine's number for it is.
    private static ContainerLimits ToLimits(HostConfig host) => new()
    {
        MemoryBytes = host.Memory,
        MemoryReservationBytes = host.MemoryReservation,
        MemorySwapBytes = host.MemorySwap,
        CpuQuota = Math.Max(host.CPUQuota, 0),
        CpuSet = host.CpusetCpus ?? "",
        ProcessLimit = Math.Max(host.PidsLimit ?? 0, 0),
        IoWeight = host.BlkioWeight,
        IsOomKillDisabled = host.OomKillDisable ?? false,
    };

    public static ContainerState From(ContainerListResponse found) => new()
    {
        Id = new ContainerId(found.ID),
        Name = TrimName(found.Names?.FirstOrDefault() ?? ""),
        Image = found.Image,
        Labels = Copy(found.Labels),
        IsRunning = found.State is "running" or "paused" or "restarting",
        IsPaused = found.State == "paused",
        IsCreated = found.State == Created,
        Addresses = ToAddresses(found.NetworkSettings?.Networks),
        NetworkMode = found.HostConfig?.NetworkMode ?? "",
    };

    private static ContainerExit? ToExit(State state, DateTime made)
    {
        // A start that failed leaves the container "created", with the engine's reason.
        var hasNeverRun = state.Status == Created && state.ExitCode == 0 && string.IsNullOrEmpty(state.Error);
        return state.Running || hasNeverRun
            ? null
            : new ContainerExit((int)state.ExitCode, state.OOMKilled, EngineTime.Parse(state.FinishedAt) ?? new DateTimeOffset(made.ToUniversalTime()), state.Error ?? "");
    }

    // Only the list of networks is filled on every version; the addresses beside it are gone from the newest.
    private static Dictionary<string, string> ToAddresses(IDictionary<string, EndpointSettings>? networks)
        => networks?.Where(network => IPAddress.TryParse(network.Value?.IPAddress, out _)).ToDictionary(network => network.Key, network => network.Value.IPAddress) ?? [];

    private static Dictionary<string, string> Copy(IDictionary<string, string>? labels) => labels is null ? [] : new(labels);

    private static string TrimName(string name) => name.TrimStart('/');
}

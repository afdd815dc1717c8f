using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// What of an engine is not as the host knows it: pure. Only what is positively of an earlier run or assignment than the ledger's is called
/// stale; what nobody knows is named and left alone.
/// </summary>
internal static class Reconciliation
{
    /// <summary>Which containers should not be there.</summary>
    /// <param name="ours">Every server's container of this installation on the engine.</param>
    /// <param name="known">What the ledger says of each server here.</param>
    /// <param name="leaving">Servers whose copy here is being ended already.</param>
    public static IEnumerable<(ContainerState Container, HostFinding Finding)> Find(
        IReadOnlyCollection<ContainerState> ours, IReadOnlyDictionary<ServerId, ServerState> known, IReadOnlySet<ServerId> leaving)
    {
        foreach (var container in ours.OrderBy(container => container.Name, StringComparer.Ordinal))
        {
            if (!ServerId.TryParse(container.Labels.GetValueOrDefault(ContainerLabels.ServerId), null, out var server) || leaving.Contains(server))
                continue;
            if (!known.TryGetValue(server, out var state))
                yield return (container, Say(HostFindingKind.OrphanedContainer, server, container, $"Container {container.Name} is of a server that this host does not know ({Describe(container)})."));
            else if (container.IsRunning && IsEarlier(container, state))
                yield return (container, Say(HostFindingKind.StaleContainer, server, container, $"Container {container.Name} runs although a later run of its server has taken its place ({Describe(container)}, now run {state.Run})."));
            else if (!container.IsRunning && state.IsDeleted && state.DeletedVersion == state.Assignment.Version)
                yield return (container, Say(HostFindingKind.StaleContainer, server, container, $"Container {container.Name} is of a server that is deleted ({Describe(container)})."));
            else if (!container.IsRunning && IsEarlier(container, state) && HasPresent(ours, server, state))
                yield return (container, Say(HostFindingKind.DoubledContainer, server, container, $"Container {container.Name} is a second one of its server ({Describe(container)}, now run {state.Run})."));
        }
    }

    /// <summary>
    /// Which servers are not as their container is: the engine told nobody, as when its stream of events is open and says nothing, which a quiet
    /// engine's does too. To be looked at one by one, which does no harm to one that is just changing.
    /// </summary>
    /// <param name="ours">Every server's container of this installation on the engine.</param>
    /// <param name="known">What is known of each server here, and whether it is shown as paused.</param>
    public static IEnumerable<ServerId> Unheard(IEnumerable<ContainerState> ours, IReadOnlyDictionary<ServerId, (ServerState State, bool IsPaused)> known)
    {
        var present = ours.Where(container => container.IsRunning).ToLookup(container => container.Labels.GetValueOrDefault(ContainerLabels.ServerId));
        foreach (var (server, (state, isPaused)) in known)
        {
            var running = present[server.ToString()].FirstOrDefault(container => !IsEarlier(container, state));
            if (state.HasProcess != running is not null || isPaused != running is { IsPaused: true })
                yield return server;
        }
    }

    /// <summary>Which limits of a container are not those that were set; one that cannot be had here (0 I/O weight) is not missed.</summary>
    /// <param name="set">What was set.</param>
    /// <param name="found">What it has. What its engine cannot put in force it may say to have, or not.</param>
    /// <param name="engine">What the engine says of itself; null for one that can all.</param>
    public static ImmutableArray<string> Differing(ContainerLimits set, ContainerLimits found, EngineFacts? engine = null)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (engine is not { HasMemoryLimit: false })
        {
            Compare("memory", set.MemoryBytes, found.MemoryBytes);
            Compare("memory reservation", set.MemoryReservationBytes, found.MemoryReservationBytes);
            if (set.MemorySwapBytes != 0 && (engine is not { HasSwapLimit: false } || found.MemorySwapBytes != -1))
                Compare("swap", set.MemorySwapBytes, found.MemorySwapBytes);
        }

        if (engine is not { HasCpuLimit: false })
            Compare("CPU limit", set.CpuQuota, found.CpuQuota);
        if (set.CpuSet != found.CpuSet && engine is not { HasCpuSet: false })
            names.Add("cores");
        if (engine is not { HasProcessLimit: false })
            Compare("process limit", set.ProcessLimit, found.ProcessLimit);
        if (found.IoWeight != 0)
            Compare("I/O weight", set.IoWeight, found.IoWeight);
        return names.ToImmutable();

        void Compare(string name, long one, long other)
        {
            if (one != other)
                names.Add(name);
        }
    }

    private static bool HasPresent(IEnumerable<ContainerState> ours, ServerId server, ServerState state)
        => ours.Any(other => other.Labels.GetValueOrDefault(ContainerLabels.ServerId) == server.ToString() && !IsEarlier(other, state));

    // The run decides: a server that was given to another host and back keeps its process, whose epoch is an older one. Without a number nothing is positively earlier.
    private static bool IsEarlier(ContainerState container, ServerState state)
        => ContainerLabels.Number(container, ContainerLabels.Run) is { } run
            ? run < state.Run
            : ContainerLabels.Number(container, ContainerLabels.Epoch) is { } epoch && epoch < state.Assignment.Epoch;

    private static string Describe(ContainerState container)
        => $"{container.Id}, run {container.Labels.GetValueOrDefault(ContainerLabels.Run) ?? "unknown"}, {(container.IsRunning ? "running" : "not running")}";

    private static HostFinding Say(HostFindingKind kind, ServerId server, ContainerState container, string text) => new() { Kind = kind, Server = server, Container = container.Id.Value, Text = text };
}

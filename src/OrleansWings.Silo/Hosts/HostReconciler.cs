using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// Compares the engine with what this host knows, each minute and after the engine was away, and repairs what it may. Containers of others,
/// or of another installation on the same engine, are never looked at.
/// </summary>
internal sealed partial class HostReconciler(HostServers servers, OrphanedContainers orphans, TimeProvider time, ILogger<HostReconciler> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _once = new(1);
    private readonly SemaphoreSlim _now = new(0);
    private readonly HashSet<string> _told = [];
    private string _toldOfBridges = "";

    private HostServices Host => servers.Host;

    /// <summary>Looks once.</summary>
    /// <param name="isDryRun">Whether nothing is repaired.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The engine did not answer.</exception>
    public async Task<ImmutableArray<HostFinding>> CheckAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var findings = ImmutableArray.CreateBuilder<HostFinding>();
            if (await CheckNetworkAsync(isDryRun, cancellationToken).ConfigureAwait(false) is { } network)
                findings.Add(network);
            findings.AddRange(await CheckContainersAsync(isDryRun, cancellationToken).ConfigureAwait(false));
            foreach (var worker in servers.All.Where(worker => worker.State.HasProcess))
            {
                if (await worker.CheckLimitsAsync(isDryRun, cancellationToken).ConfigureAwait(false) is { } limits)
                    findings.Add(limits);
            }

            if (!isDryRun)
                await RemoveLeftBridgesAsync(cancellationToken).ConfigureAwait(false);
            return findings.ToImmutable();
        }
        finally
        {
            _once.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Host.Watch.Changed += OnEngineChanged;
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken).ConfigureAwait(false);
            // Before everything was looked at once, what the ledger says may be older than what runs.
            if (stoppingToken.IsCancellationRequested || !servers.IsResumed || !Host.Watch.IsReachable)
                continue;
            try
            {
                Tell(await CheckAsync(isDryRun: false, stoppingToken).ConfigureAwait(false));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e.Message);
            }
        }

        Host.Watch.Changed -= OnEngineChanged;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var minute = new CancellationTokenSource(s_every, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(minute.Token, cancellationToken);
        await _now.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnEngineChanged(bool isReachable)
    {
        if (isReachable)
            _now.Release();
    }

    // What is left as it is would be said each minute.
    private void Tell(ImmutableArray<HostFinding> findings)
    {
        _told.RemoveWhere(text => findings.All(finding => finding.Text != text));
        foreach (var finding in findings.Where(finding => _told.Add(finding.Text)))
            LogFinding(logger, finding.Text, finding.Outcome);
    }

    private async Task RemoveLeftBridgesAsync(CancellationToken cancellationToken)
    {
        var problem = await Host.Outgoing.RemoveLeftAsync(cancellationToken).ConfigureAwait(false);
        if (problem.Length > 0 && problem != _toldOfBridges)
            LogFinding(logger, problem, "It is tried again each minute.");
        _toldOfBridges = problem;
    }

    private async Task<HostFinding?> CheckNetworkAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        var name = Host.Options.Network;
        if (name is "host" or "none" || servers.All.All(worker => worker.State.Run == 0))
            return null;
        if (await Host.Engine.InspectNetworkAsync(name, cancellationToken).ConfigureAwait(false) is { } network)
        {
            return NetworkDifference.Describe(network, Host.Options) is not { } difference ? null : new HostFinding
            {
                Kind = HostFindingKind.OtherNetwork,
                Text = $"The servers' network {name} has {difference}: it was there before the setting, somebody else made it, or the subnet was in use when it was made.",
                Outcome = isDryRun ? "" : "It is used as it is. Stop the servers that are on it and remove it; the next start makes it anew.",
            };
        }

        var finding = new HostFinding { Kind = HostFindingKind.MissingNetwork, Text = $"The servers' network {name} is gone." };
        if (isDryRun)
            return finding;
        await Host.Network.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return finding with { Outcome = "It was made again." };
    }

    private async Task<IEnumerable<HostFinding>> CheckContainersAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        var cluster = await Host.Cluster.GetAsync(cancellationToken).ConfigureAwait(false);
        var containers = await Host.Engine.ListAsync($"{ContainerLabels.Cluster}={cluster:D}", cancellationToken).ConfigureAwait(false);
        // Asked for after the list: what was begun meanwhile is known then.
        var known = servers.All.ToDictionary(worker => worker.Id, worker => worker.State);
        var leaving = servers.Held().Select(held => held.Server).Where(server => !known.ContainsKey(server)).ToHashSet();
        ContainerState[] ours = [.. containers.Where(container => container.Labels.GetValueOrDefault(ContainerLabels.Kind) == ContainerLabels.KindServer)];
        var found = await WithoutOthersAsync(Reconciliation.Find(ours, known, leaving), cancellationToken).ConfigureAwait(false);
        if (isDryRun)
            return found.Select(one => one.Finding);
        LookAtUnheard(ours);
        var findings = new List<HostFinding>();
        foreach (var (container, finding) in found)
            findings.Add(finding with { Outcome = await RepairAsync(container, finding, cancellationToken).ConfigureAwait(false) });
        return findings;
    }

    private void LookAtUnheard(IReadOnlyCollection<ContainerState> ours)
    {
        var workers = servers.All.ToDictionary(worker => worker.Id);
        foreach (var server in Reconciliation.Unheard(ours, workers.ToDictionary(each => each.Key, each => (each.Value.State, each.Value.IsPaused))))
            workers[server].Look(wasUnattended: false);
    }

    // A list does not say where files are, so the few that nobody knows are looked at one by one.
    private async Task<List<(ContainerState Container, HostFinding Finding)>> WithoutOthersAsync(
        IEnumerable<(ContainerState Container, HostFinding Finding)> found, CancellationToken cancellationToken)
    {
        var ours = new List<(ContainerState, HostFinding)>();
        foreach (var one in found)
        {
            if (one.Finding is not { Kind: HostFindingKind.OrphanedContainer, Server: { } server }
                || (await Host.Engine.InspectAsync(one.Container.Id.Value, cancellationToken).ConfigureAwait(false) is { } container && orphans.IsOfThisHost(server, container)))
                ours.Add(one);
        }

        return ours;
    }

    private async Task<string> RepairAsync(ContainerState container, HostFinding finding, CancellationToken cancellationToken)
    {
        if (finding.Kind == HostFindingKind.OrphanedContainer)
            return "It is left alone: adopt its server, or remove it.";
        try
        {
            // By its id: nothing that was made since has it.
            await Host.RemoveContainerAsync(container, force: finding.Kind == HostFindingKind.StaleContainer, cancellationToken).ConfigureAwait(false);
            return "It was removed.";
        }
        catch (EngineException e) when (e is not EngineUnreachableException)
        {
            return $"It could not be removed: {e.Message}";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Finding} {Outcome}")]
    private static partial void LogFinding(ILogger logger, string finding, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host could not be compared with its engine; it is tried again in a minute: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

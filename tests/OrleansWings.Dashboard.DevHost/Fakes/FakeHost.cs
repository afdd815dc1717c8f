using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.DevHost.Fakes;

/// <summary>A host whose settings live in the fake fleet's picture.</summary>
public sealed class FakeHost(FakeFleet fleet, HostId id, TimeProvider time) : IFleetHost
{
    public HostId Id => id;

    public Task<ServerResult> SetLabelsAsync(ImmutableSortedDictionary<string, string> labels)
        => ChangeAsync(HostSettingsValidator.CheckLabels(labels, "Labels"), settings => settings with { Labels = labels }, "The labels are changed.");

    public Task<ServerResult> BeginMaintenanceAsync(string note)
        => ChangeAsync([], settings => settings with { Maintenance = new HostMaintenance(note, time.GetUtcNow()) }, $"{id} is in maintenance.");

    public async Task<ServerResult> DrainAsync(string note, JobPace? pace = null, DateTimeOffset? notBefore = null, JobId? job = null, string by = "")
    {
        await BeginMaintenanceAsync(note);
        return await fleet.CreateJobAsync(new JobRequest { Action = PowerAction.Stop, Selection = new ServerSelection { Hosts = [id] }, DrainedHost = id, By = by }, job);
    }

    public Task<ServerResult> EndMaintenanceAsync()
        => ChangeAsync([], settings => settings with { Maintenance = null }, $"{id} takes new servers again.");

    public Task<ServerResult> SetOverCommitAsync(OverCommit factors)
        => ChangeAsync(HostSettingsValidator.Check(factors), settings => settings with { OverCommit = factors }, "The factors are changed.");

    public Task<ServerResult> AddPoolAsync(AllocationPool pool)
    {
        var faults = HostSettingsValidator.Check(pool);
        if (faults.IsEmpty && Settings.Pools.FirstOrDefault(pool.Overlaps) is { } other)
            faults = [new SpecFault("FirstPort", $"{pool} overlaps the pool {other}.")];
        return ChangeAsync(faults, settings => settings with { Pools = settings.Pools.Add(pool) }, $"{id} has the pool {pool} now.");
    }

    public Task<ServerResult> RemovePoolAsync(AllocationPool pool)
        => Servers.FirstOrDefault(server => server.Snapshot.Ports.Any(pool.Contains)) is { } user
            ? Task.FromResult(ServerResult.Refused(ServerRefusal.PoolInUse, $"The pool {pool} is in use by {user.Spec.Name}."))
            : ChangeAsync([], settings => settings with { Pools = settings.Pools.RemoveAll(pool.IsSameRange) }, $"The pool {pool} is removed from {id}.");

    public Task<ServerResult> SetNoteAsync(Allocation port, string note)
    {
        fleet.Notes[port] = note;
        return ChangeAsync([], settings => settings, $"The note of {port} is kept.");
    }

    public Task<ServerResult> RemoveAsync(bool withRecords)
    {
        if (fleet.FindHost(id)?.Status is HostStatus.Ready)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.HostInUse, $"Host {id} is in the cluster."));
        if (Servers.Any() && !withRecords)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.HostHasServers, $"Host {id} has servers."));
        fleet.Remove(id);
        return Task.FromResult(ServerResult.Accepted($"Host {id} is removed."));
    }

    public async Task<ServerResult> AdoptAllAsync()
    {
        foreach (var server in Servers.Where(server => server.Snapshot.IsUnclaimed).ToArray())
            await server.AdoptAsync(id);
        return ServerResult.Accepted($"The servers of {id} are adopted.");
    }

    public Task<ImmutableArray<HeldAllocation>> ListAllocationsAsync() => fleet.AllocationsFault is { } fault ? Task.FromException<ImmutableArray<HeldAllocation>>(fault) : Task.FromResult(Servers
        .SelectMany(server => server.Snapshot.Ports.Select(port => new HeldAllocation(port, server.Id, server.Spec.Name, fleet.Notes.GetValueOrDefault(port, ""))))
        .OrderBy(held => held.Port.Port).ToImmutableArray());

    /// <summary>What a look finds.</summary>
    public Func<bool, HostCheck> OnCheck { get; set; } = _ => new HostCheck([]);

    public Task<HostCheck> CheckAsync(bool isDryRun) => Task.FromResult(OnCheck(isDryRun));

    /// <summary>What was asked of orphaned containers: "adopt 1a2b", "remove 1a2b".</summary>
    public List<string> Orphans { get; } = [];

    public Task<ServerResult> AdoptOrphanAsync(string container) => TakeOrphan("adopt", container, "The server is adopted.");

    public Task<ServerResult> RemoveOrphanAsync(string container) => TakeOrphan("remove", container, "The container is removed.");

    private Task<ServerResult> TakeOrphan(string what, string container, string message)
    {
        Orphans.Add($"{what} {container}");
        return Task.FromResult(ServerResult.Accepted(message));
    }

    /// <summary>Images that nobody uses.</summary>
    public List<HostImage> UnusedImages { get; } = [];

    public Task<ImmutableArray<HostImage>?> ListUnusedImagesAsync() => Task.FromResult<ImmutableArray<HostImage>?>([.. UnusedImages]);

    public Task<ImageRemoval> RemoveImagesAsync(ImmutableArray<string> ids)
        => Task.FromResult(new ImageRemoval(UnusedImages.RemoveAll(image => ids.Contains(image.Id)), []));

    public Task<ImmutableArray<string>> ListImagesAsync() => Task.FromResult(fleet.Images.GetValueOrDefault(id, []));

    private HostSettings Settings => fleet.FindHost(id)?.Settings ?? new HostSettings();

    private IEnumerable<FakeServer> Servers => fleet.Servers.Where(server => server.Snapshot.Host == id);

    private Task<ServerResult> ChangeAsync(ImmutableArray<SpecFault> faults, Func<HostSettings, HostSettings> change, string message)
    {
        if (!faults.IsEmpty)
            return Task.FromResult(ServerResult.Invalid(faults));
        if (fleet.FindHost(id) is not { } host)
            return Task.FromResult(ServerResult.Refused(ServerRefusal.NoHost, $"There is no host named {id}."));
        fleet.Add(host with { Settings = change(host.Settings ?? new HostSettings()) });
        return Task.FromResult(ServerResult.Accepted(message));
    }
}

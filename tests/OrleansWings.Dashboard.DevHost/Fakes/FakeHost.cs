using System.Collections.Immutable;
using OrleansWings.Hosts;
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

    public Task<ServerResult> EndMaintenanceAsync()
        => ChangeAsync([], settings => settings with { Maintenance = null }, $"{id} takes new servers again.");

    public Task<ServerResult> SetOverCommitAsync(OverCommit factors)
        => ChangeAsync(HostSettingsValidator.Check(factors), settings => settings with { OverCommit = factors }, "The factors are changed.");

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

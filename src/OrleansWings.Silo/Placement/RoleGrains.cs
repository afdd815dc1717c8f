using Orleans.Configuration;
using Orleans.Providers;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Fleets;
using OrleansWings.Silo.Hosting;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Jobs;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Streams;

namespace OrleansWings.Silo.Placement;

/// <summary>Which grains a silo may run: a host keeps nothing that other hosts need, a control silo nothing that needs an engine.</summary>
internal static class RoleGrains
{
    private static readonly Type[] s_pinned = [typeof(ServerGrain), typeof(HostAgentGrain)];

    // The queues too: by default all of them may sit on one host, and its loss would cut every console.
    private static readonly Type[] s_control =
    [
        typeof(ServerRecordGrain), typeof(HostGrain), typeof(HostRemovalGrain), typeof(FleetGrain), typeof(HostFeedGrain), typeof(FleetFeedGrain),
        typeof(ConsoleFeedGrain), typeof(WaitingQueueGrain), typeof(JobGrain), typeof(JobBookGrain),
    ];

    public static void LeaveOut(GrainTypeOptions types, WingsRole role)
    {
        types.Classes.Remove(typeof(MemoryStreamQueueGrain));
        if (role == WingsRole.Host)
            types.Classes.ExceptWith(s_control);
        else if (role == WingsRole.Control)
            types.Classes.ExceptWith(s_pinned);
    }
}

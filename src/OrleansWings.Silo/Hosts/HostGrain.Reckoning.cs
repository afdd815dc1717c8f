using OrleansWings.Hosts;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// What is reckoned from all servers of the host. Every new server asks every host, and only one of them changes by it: reckoned anew
/// each time, one creation would go over all servers of the fleet.
/// </summary>
internal sealed partial class HostGrain
{
    private readonly Dictionary<int, AllocationPlan> _plans = [];
    private HostSums? _sums;

    private HostSums Sums => _sums ??= new HostSums(HostPromises.Of(record.State, Usage), Servers.Values.Count(server => !server.IsDeleted));

    // Of those that name no port and hold none here, all that ask for as many would get the same.
    private AllocationPlan Plan(HostReservation wish)
    {
        if (!wish.IsNew || wish.IsUndo || wish.IsReturning || wish.IsMoving || !wish.Ports.IsEmpty || Servers.ContainsKey(wish.Server))
            return PlanAnew(wish);
        if (!_plans.TryGetValue(wish.PortCount, out var plan))
            _plans[wish.PortCount] = plan = PlanAnew(wish);
        return plan;
    }

    // The record is another, or what was heard of the host.
    private void ReckonAnew()
    {
        _sums = null;
        _plans.Clear();
    }

    private sealed record HostSums(HostCapacity? Capacity, int ServerCount);
}

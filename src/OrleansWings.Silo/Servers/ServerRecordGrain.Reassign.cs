using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>The server is given to another host.</summary>
internal sealed partial class ServerRecordGrain
{
    public async Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted)
    {
        if (Assignment is not { DeletedAt: null } before)
            return Missing();
        var hosts = await GrainFactory.GetGrain<IFleetGrain>(0).ListHostsAsync();
        var from = await GrainFactory.GetGrain<IHostFeedGrain>(before.Host.Value).GetHostAsync();
        if (ReassignRule.Check(before, host, hosts, from.Status, await ReadStateAsync(from.Status), isRiskAccepted) is { } refused)
            return refused;

        var taking = GrainFactory.GetGrain<IHostGrain>(host.Value);
        var reserved = await taking.ReserveServerAsync(Reservation(before.Spec) with { IsNew = true, IsMoving = true });
        if (!reserved.IsAccepted)
            return NotPromised(reserved);
        var after = before with { Host = host, Spec = before.Spec with { Host = host, Ports = reserved.Ports }, Epoch = before.Epoch + 1, Version = before.Version + 1, LastRun = record.State.Snapshot?.Run ?? 0 };
        if (await WriteAsync(r => r.Assignment = after) is { } failed)
            return await TakeBackAsync(failed, () => taking.ReleaseAsync(Id, isForgotten: true));

        await StandDownAsync(before.Host, from.Status, after);
        await TellBothAsync(before.Host, host);
        var moved = reserved.Ports.SequenceEqual(before.Spec.Ports) ? "" : $" Its ports are {string.Join(", ", reserved.Ports)} now.";
        return ServerResult.Accepted($"The server {before.Spec.Name} belongs to host {host} now, and is offline there.{moved}") with { Ports = reserved.Ports };
    }

    // A host that is there says that it takes nothing more for the server before anybody is told that it is another's: a start that it
    // accepted meanwhile would end with its copy. One that is silent may be only slow.
    private async Task StandDownAsync(HostId host, HostStatus status, ServerAssignment assignment)
    {
        if (status is not HostStatus.Lost)
            await LaterByTheHostAsync(() => GrainFactory.GetHostAgent(host).StandDownAsync(assignment));
    }

    // If the old one is there after all, it ends its copy now; else when it asks, which it does before anything else. Both are told before
    // anything is waited for that may fail.
    private async Task TellBothAsync(HostId from, HostId to)
    {
        await GrainFactory.GetHostAgent(from).TakeWishesAsync();
        await GrainFactory.GetHostAgent(to).TakeWishesAsync();
        await TellHostAsync();
        await LaterByTheHostAsync(() => GrainFactory.GetGrain<IHostGrain>(from.Value).ReleaseAsync(Id, isForgotten: true));
        await LaterByTheHostAsync(() => GrainFactory.GetGrain<IHostFeedGrain>(from.Value).ForgetAsync(Id));
    }

    // A host that is there is asked: a start that has just begun there may not have been heard of here yet.
    private async Task<PowerState?> ReadStateAsync(HostStatus host)
    {
        var last = record.State.Snapshot?.State ?? PowerState.Offline;
        if (host is not (HostStatus.Ready or HostStatus.EngineUnreachable))
            return last;
        try
        {
            return (await GrainFactory.GetServer(Id).GetSnapshotAsync()).State;
        }
        catch (UnknownServerException)
        {
            return last;
        }
        catch (Exception e) when (e is HostUnreachableException or StoreUnreachableException or TimeoutException or OrleansException)
        {
            // What was last written down may be older than a start.
            return null;
        }
    }
}

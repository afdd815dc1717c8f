using Microsoft.Extensions.Logging;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>The server is given to another host.</summary>
internal sealed partial class ServerRecordGrain
{
    // Longer than the store takes to answer or to give up, and the host until it asks by itself.
    private static readonly TimeSpan s_giving = TimeSpan.FromMinutes(2);

    public async Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted)
    {
        if (Assignment is not { DeletedAt: null } before)
            return Missing();
        var hosts = await GrainFactory.GetGrain<IFleetGrain>(0).ListHostsAsync();
        var from = await GrainFactory.GetGrain<IHostFeedGrain>(before.Host.Value).GetHostAsync();
        var (status, state) = await ReadStateAsync(from.Status, AskAsync);
        if (ReassignRule.Check(before, host, hosts, status, state, isRiskAccepted) is { } refused)
            return refused;
        // A start that is taken from here on would end with the copy there. Who did not answer just now is not asked again.
        var isHeld = status is HostStatus.Ready or HostStatus.EngineUnreachable;
        try
        {
            if (isHeld)
                (status, state) = await ReadStateAsync(status, HoldStartsAsync);
            if (ReassignRule.Check(before, host, hosts, status, state, isRiskAccepted) is { } begun)
                return begun;
            var taken = await TakeAsync(before, host);
            // What may have been written: its host looks what the record says, and takes no start for as long as that may take.
            if (taken.Refusal == ServerRefusal.OutcomeUnknown)
                await GrainFactory.GetHostAgent(before.Host).TakeWishesAsync();
            isHeld &= taken.Refusal is not (ServerRefusal.None or ServerRefusal.OutcomeUnknown);
            if (!taken.IsAccepted)
                return taken;
        }
        finally
        {
            if (isHeld)
                await TakeStartsAsync();
        }

        var after = Assignment!;
        await StandDownAsync(before.Host, from.Status, after);
        await TellBothAsync(before.Host, host);
        var moved = after.Spec.Ports.SequenceEqual(before.Spec.Ports) ? "" : $" Its ports are {string.Join(", ", after.Spec.Ports)} now.";
        return ServerResult.Accepted($"The server {before.Spec.Name} belongs to host {host} now, and is offline there.{moved}") with { Ports = after.Spec.Ports };
    }

    // The new host promises what the server needs, and the record says that it is its.
    private async Task<ServerResult> TakeAsync(ServerAssignment before, HostId host)
    {
        var taking = GrainFactory.GetGrain<IHostGrain>(host.Value);
        var reserved = await taking.ReserveServerAsync(Reservation(before.Spec) with { IsNew = true, IsMoving = true });
        if (!reserved.IsAccepted)
            return NotPromised(reserved);
        var after = Given(before) with { Host = host, Spec = before.Spec with { Host = host, Ports = reserved.Ports }, Version = before.Version + 1, LastRun = record.State.Snapshot?.Run ?? 0 };
        return await WriteAsync(r => r.Assignment = after) is { } failed
            ? await TakeBackAsync(failed, () => taking.ReleaseAsync(Id, isForgotten: true))
            : reserved;
    }

    // Nothing came of it: the host goes on as before. Not heard, it does when the time is over.
    private async Task TakeStartsAsync()
    {
        try
        {
            await GrainFactory.GetServer(Id).HoldStartsAsync(TimeSpan.Zero);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogStillHeld(logger, Id, s_giving.TotalMinutes, e);
        }
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

    private static async Task<PowerState> AskAsync(IServerGrain server) => (await server.GetSnapshotAsync()).State;

    // A host of an older version does not know of it, and is to be emptied before it is replaced.
    private static async Task<PowerState> HoldStartsAsync(IServerGrain server)
    {
        try
        {
            return await server.HoldStartsAsync(s_giving);
        }
        catch (Exception e) when (e is not (UnknownServerException or HostUnreachableException or TimeoutException or OperationCanceledException))
        {
            return await AskAsync(server);
        }
    }

    // A host that may be there is asked: a start that has just begun there may not have been heard of here yet. One that answers is there, whatever was thought of it.
    private async Task<(HostStatus Host, PowerState? State)> ReadStateAsync(HostStatus host, Func<IServerGrain, Task<PowerState>> ask)
    {
        var last = record.State.Snapshot?.State ?? PowerState.Offline;
        if (host is HostStatus.Lost)
            return (host, last);
        try
        {
            var state = await ask(GrainFactory.GetServer(Id));
            return (host is HostStatus.EngineUnreachable ? host : HostStatus.Ready, state);
        }
        catch (UnknownServerException)
        {
            return (host, last);
        }
        catch (Exception e) when (e is HostUnreachableException or StoreUnreachableException or TimeoutException or OrleansException)
        {
            // What was last written down may be older than a start; of a host that may be gone nothing newer can be had.
            return (host, host is HostStatus.Ready or HostStatus.EngineUnreachable ? null : last);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server} was not given away, and its host could not be told: it takes no start for up to {Minutes} minutes")]
    private static partial void LogStillHeld(ILogger logger, ServerId server, double minutes, Exception exception);
}

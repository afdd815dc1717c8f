using Microsoft.Extensions.Logging;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Servers;

/// <summary>A host knows what the cluster's store does not: the record takes it over.</summary>
internal sealed partial class ServerRecordGrain
{
    public async Task<ServerResult> AdoptAsync(ServerAssignment assignment)
    {
        if (CheckAdoption(assignment) is { } refused)
            return refused;
        assignment = Given(assignment);
        var host = GrainFactory.GetGrain<IHostGrain>(assignment.Host.Value);
        // As what it is: it has its ports and its limits there already, however full the host is.
        if (await host.ReserveServerAsync(Reservation(assignment.Spec) with { IsUndo = true }) is { IsAccepted: false } taken)
            return NotPromised(taken);
        if (await WriteAsync(r => (r.Assignment, r.CreatedAt) = (assignment, time.GetUtcNow())) is { } failed)
            return await TakeBackAsync(failed, () => host.ReleaseAsync(Id, isForgotten: true));

        await GrainFactory.GetHostAgent(assignment.Host).TakeWishesAsync();
        return ServerResult.Accepted($"The server {assignment.Spec.Name} is adopted: its host keeps it.");
    }

    public async Task TakeLedgerAsync(ServerAssignment held)
    {
        if (Assignment is not { } known || held.Server != Id)
            return;
        if (ServerWishes.AreRivals(known, held))
        {
            // Both would keep it. What was asked last was asked of the record.
            if (await WriteAsync(r => r.Assignment = Given(known)) is not null)
                return;
            LogRivals(logger, Id, held.Host, known.Host);
            await TellBothAsync(held.Host, known.Host);
            return;
        }

        if (ServerWishes.Contradict(known, held))
        {
            // What was asked last was asked of the record: it gets a number that the host has not seen.
            if (await WriteAsync(r => r.Assignment = known with { Version = known.Version + 1 }) is null)
                await TellHostAsync();
            return;
        }

        if (ServerWishes.Compare(known, held) >= 0)
            return;
        if (await GrainFactory.GetGrain<IHostGrain>(held.Host.Value).ReserveServerAsync(Reservation(held.Spec) with { IsUndo = true }) is { IsAccepted: false } taken)
        {
            LogStaysBehind(logger, Id, held.Host, taken.Message);
            return;
        }

        if (await WriteAsync(r => r.Assignment = held) is not null)
            return;
        LogCaughtUp(logger, Id, known.Version, held.Version, held.Host);
        if (held.Host != known.Host)
            await TellBothAsync(known.Host, held.Host);
    }

    public async Task PromiseAgainAsync()
    {
        if (Assignment is { DeletedAt: null } kept)
            await GrainFactory.GetGrain<IHostGrain>(kept.Host.Value).ReserveServerAsync(Reservation(kept.Spec) with { IsUndo = true });
    }

    public async Task<ServerResult> AdoptDeletedAsync(ServerAssignment assignment)
    {
        if (CheckAdoption(assignment) is { } refused)
            return refused;
        var deleted = Given(assignment) with { DeletedAt = time.GetUtcNow(), Version = assignment.Version + 1 };
        var host = GrainFactory.GetGrain<IHostGrain>(assignment.Host.Value);
        // Listed without ports, which somebody else may hold by now: a deleted server has none.
        if (await host.ReserveAsync(Id, assignment.Spec.Name, []) is { IsAccepted: false } unlisted)
            return NotPromised(unlisted);
        if (await WriteAsync(r => (r.Assignment, r.CreatedAt) = (deleted, time.GetUtcNow())) is { } failed)
            return await TakeBackAsync(failed, () => host.ReleaseAsync(Id, isForgotten: true));

        await LaterByTheHostAsync(() => host.ReleaseAsync(Id, isForgotten: false));
        await GrainFactory.GetHostAgent(assignment.Host).TakeWishesAsync();
        return ServerResult.Accepted($"The server {assignment.Spec.Name} is deleted. Its files are kept for 7 days.");
    }

    private ServerResult? CheckAdoption(ServerAssignment assignment)
        => Assignment is { } existing ? ServerResult.Refused(ServerRefusal.AlreadyExists, $"The server {existing.Spec.Name} has a record: it is on host {existing.Host}.")
            : assignment.Server != Id ? ServerResult.Refused(ServerRefusal.Invalid, $"This is the record of {Id}, and what was given is of {assignment.Server}.")
            : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: the cluster's store had forgotten changes of it (it had version {Known}); version {Version} is taken from the ledger of host {Host}")]
    private static partial void LogCaughtUp(ILogger logger, ServerId server, long known, long version, HostId host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: host {Other} was given it with the same epoch as {Host}, which the store had forgotten; it is {Host}'s")]
    private static partial void LogRivals(ILogger logger, ServerId server, HostId other, HostId host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: the cluster's store has forgotten changes of it, and what host {Host} knows cannot be taken: {Reason}")]
    private static partial void LogStaysBehind(ILogger logger, ServerId server, HostId host, string reason);
}

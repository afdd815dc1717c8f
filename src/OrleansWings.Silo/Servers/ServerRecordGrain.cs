using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Servers;

/// <summary>The wishes about one server. Writes them down, then tells the host one-way: the host may be away.</summary>
[GrainType("server-record"), HashBasedPlacement]
internal sealed partial class ServerRecordGrain(
    [PersistentState("record", WingsStore.Name)] IPersistentState<ServerRecord> record, TimeProvider time, ILogger<ServerRecordGrain> logger) : Grain, IServerRecordGrain
{
    private ServerId Id => new(this.GetPrimaryKey());

    private ServerAssignment? Assignment => record.State.Assignment;

    // The state before a write that is under way: who reads meanwhile is told only what is stored.
    private ServerRecord? _stored;

    private ServerRecord Stored => _stored ?? record.State;

    public async Task<ServerResult> CreateAsync(ServerSpec spec)
    {
        if (Assignment is { } existing)
            return AnswerRetry(existing, spec);
        if (ServerSpecValidator.Validate(spec) is { IsEmpty: false } faults)
            return ServerResult.Invalid(faults);
        var placed = await PlaceAsync(spec);
        if (placed.Host is not { } picked)
            return placed;

        var assignment = new ServerAssignment { Server = Id, Host = picked, Epoch = 1, Version = 1, Spec = spec with { Ports = placed.Ports } };
        if (await WriteAsync(r => (r.Assignment, r.CreatedAt) = (assignment, time.GetUtcNow())) is { } failed)
            return await TakeBackAsync(failed, () => GrainFactory.GetGrain<IHostGrain>(picked.Value).ReleaseAsync(Id, isForgotten: true));

        await TellHostAsync();
        var ports = spec.PortCount > spec.Ports.Length ? $" with {string.Join(", ", placed.Ports)}" : "";
        return Created($"The server {spec.Name} was created on host {picked}{ports}.");
    }

    public Task<ServerResult> UpdateAsync(ServerSpec spec) => UpdateAsync(spec, expectedVersion: null);

    public Task<ServerResult> UpdateVersionAsync(ServerSpec spec, long expectedVersion) => UpdateAsync(spec, (long?)expectedVersion);

    private async Task<ServerResult> UpdateAsync(ServerSpec spec, long? expectedVersion)
    {
        if (Assignment is not { DeletedAt: null } before)
            return Missing();
        spec = spec with { Host = before.Spec.Host };
        if (ServerSpecValidator.Validate(spec) is { IsEmpty: false } faults)
            return ServerResult.Invalid(faults);
        if (ServerWishes.AreEqual(spec, AsAsked(before.Spec, spec)))
            return ServerResult.Accepted("Nothing is different.");
        // After that: who sends the same once more, because no answer came, is not told of their own change.
        if (expectedVersion is { } expected && expected != before.Version)
            return Changed(expected, before.Version);

        var host = GrainFactory.GetGrain<IHostGrain>(before.Host.Value);
        var reserved = await host.ReserveServerAsync(Reservation(spec));
        if (!reserved.IsAccepted)
            return NotPromised(reserved);
        spec = spec with { Ports = reserved.Ports };
        if (await WriteAsync(r => r.Assignment = before with { Spec = spec, Version = before.Version + 1 }) is { } failed)
            return await TakeBackAsync(failed, () => host.ReserveServerAsync(Reservation(before.Spec) with { IsUndo = true }));

        await TellHostAsync();
        return ServerResult.Accepted("The change is stored. New limits are set while the server runs; all else applies at the next start.") with { Ports = spec.Ports };
    }

    public async Task<ServerResult> DeleteAsync()
    {
        if (Assignment is not { DeletedAt: null } before)
            return Missing();
        if (await WriteAsync(r => r.Assignment = before with { DeletedAt = time.GetUtcNow(), Version = before.Version + 1 }) is { } failed)
            return failed;
        await TellHostAsync();
        await TellFeedAsync();
        return ServerResult.Accepted($"The server {before.Spec.Name} is deleted. Its files are kept for {ServerTrash.Days} days.");
    }

    public async Task<ServerResult> RestoreAsync()
    {
        if (Assignment is not { } before)
            return Missing();
        if (before.DeletedAt is null)
            return ServerResult.Accepted("The server is not deleted.");
        var host = GrainFactory.GetGrain<IHostGrain>(before.Host.Value);
        var reserved = await host.ReserveServerAsync(Reservation(before.Spec) with { IsReturning = true });
        if (!reserved.IsAccepted)
            return NotPromised(reserved);
        var spec = before.Spec with { Ports = reserved.Ports };
        if (await WriteAsync(r => r.Assignment = before with { Spec = spec, DeletedAt = null, Version = before.Version + 1 }) is { } failed)
            return await TakeBackAsync(failed, () => host.ReleaseAsync(Id, isForgotten: false));

        await TellHostAsync();
        await TellFeedAsync();
        return ServerResult.Accepted($"The server {before.Spec.Name} is back, offline, with its files.") with { Ports = spec.Ports };
    }

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

    public async Task<ServerResult> AdoptAsync(ServerAssignment assignment)
    {
        if (CheckAdoption(assignment) is { } refused)
            return refused;
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
        var deleted = assignment with { DeletedAt = time.GetUtcNow(), Version = assignment.Version + 1 };
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

    public Task RemoveWithHostAsync(HostId host) => Assignment?.Host == host ? record.ClearStateAsync() : Task.CompletedTask;

    public Task<ServerAssignment?> GetAssignmentAsync() => Task.FromResult(Stored.Assignment);

    // Whether it is deleted is for the record to say: its host may not have heard of it yet.
    public Task<ServerSnapshot?> GetLastSnapshotAsync() => Task.FromResult(
        Stored is { Assignment: { } assignment } stored
            ? (stored.Snapshot ?? FirstSnapshot(assignment, stored.CreatedAt)) with { IsDeleted = assignment.DeletedAt is not null }
            : null);

    public Task OnSnapshotAsync(ServerSnapshot snapshot) => TakeSnapshotAsync(snapshot);

    public async Task<bool> TakeSnapshotAsync(ServerSnapshot snapshot)
    {
        StopRepeating(snapshot);
        var known = record.State.Snapshot;
        if (Assignment is null || (known is not null && (known.Epoch, known.Revision).CompareTo((snapshot.Epoch, snapshot.Revision)) >= 0))
            return true;
        if (IsSettled(known, snapshot))
            await GrainFactory.GetGrain<IHostGrain>(snapshot.Host.Value).SettlePortsAsync(Id);
        // Written on changes of state only, not because the host's program began anew.
        snapshot = snapshot with { Activity = null, Progress = null, PullLayers = [], FilesBytes = null };
        return (known is not null && AreSame(known, snapshot)) || await WriteAsync(r => r.Snapshot = snapshot) is null;
    }

    // The last change of the spec is what runs now, or nothing runs: what only the older spec held can be given up.
    private bool IsSettled(ServerSnapshot? known, ServerSnapshot snapshot)
        => snapshot is { IsSpecPending: false } && (snapshot.Epoch, snapshot.SpecVersion) == (Assignment!.Epoch, Assignment.Version)
            && (known is null || known.IsSpecPending || known.SpecVersion != snapshot.SpecVersion);

    public async Task OnDeletionDoneAsync(long version, bool arePurged)
    {
        if (Assignment is not { DeletedAt: not null } deleted || deleted.Version != version)
            return;
        await GrainFactory.GetGrain<IHostGrain>(deleted.Host.Value).ReleaseAsync(Id, arePurged);
        if (arePurged)
            await record.ClearStateAsync();
    }

    private ServerResult? CheckAdoption(ServerAssignment assignment)
        => Assignment is { } existing ? ServerResult.Refused(ServerRefusal.AlreadyExists, $"The server {existing.Spec.Name} has a record: it is on host {existing.Host}.")
            : assignment.Server != Id ? ServerResult.Refused(ServerRefusal.Invalid, $"This is the record of {Id}, and what was given is of {assignment.Server}.")
            : null;

    private ServerResult AnswerRetry(ServerAssignment existing, ServerSpec spec)
        => existing.DeletedAt is not null ? ServerResult.Refused(ServerRefusal.Deleted, $"The server {Id} is deleted. Restore it instead.")
            : ServerWishes.AreEqual(AsAsked(existing.Spec, spec), spec) ? Created($"The server {spec.Name} was created before.")
            : ServerResult.Refused(ServerRefusal.AlreadyExists, $"A server {Id} exists already, and it is another one: {existing.Spec.Name}.");

    private ServerResult Created(string message) => ServerResult.Accepted(message) with { Server = Id, Host = Assignment!.Host, Ports = Assignment.Spec.Ports };

    private ServerResult Missing() => Assignment is null
        ? ServerResult.Refused(ServerRefusal.NotFound, $"There is no server {Id}.")
        : ServerResult.Refused(ServerRefusal.Deleted, $"The server {Assignment.Spec.Name} is deleted.");

    private static ServerResult Changed(long edited, long version)
        => ServerResult.Refused(ServerRefusal.Changed, $"Somebody changed this server meanwhile: you edited version {edited}, it is version {version} now.") with { Version = version };

    private static ServerSnapshot FirstSnapshot(ServerAssignment assignment, DateTimeOffset createdAt) => new()
    {
        Id = assignment.Server,
        Name = assignment.Spec.Name,
        Host = assignment.Host,
        State = PowerState.Offline,
        StateSince = createdAt,
        SpecVersion = assignment.Version,
        Ports = assignment.Spec.Ports,
        AsOf = createdAt,
        Epoch = assignment.Epoch,
    };

    // What was promised for a write that failed; not when it may have been stored: then the promise is needed. The host looks once a
    // minute what each record says, and puts right what is not as it says.
    private async Task<ServerResult> TakeBackAsync(ServerResult failed, Func<Task> undo)
    {
        if (failed.Refusal != ServerRefusal.OutcomeUnknown)
            await LaterByTheHostAsync(undo);
        return failed;
    }

    // The promise may have been stored or not; what was asked was surely not done.
    private static ServerResult NotPromised(ServerResult refused) => refused.Refusal == ServerRefusal.OutcomeUnknown
        ? ServerResult.Refused(ServerRefusal.NotStored, "Nothing was done: the cluster's store did not answer in time.")
        : refused;

    private async Task LaterByTheHostAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotReleased(logger, Id, e);
        }
    }

    // What could not be stored has not happened: memory goes back to what the store has.
    private async Task<ServerResult?> WriteAsync(Action<ServerRecord> change)
    {
        var before = record.State;
        _stored = before;
        try
        {
            record.State = new ServerRecord { Assignment = before.Assignment, CreatedAt = before.CreatedAt, Snapshot = before.Snapshot };
            change(record.State);
            await record.WriteStateAsync();
            return null;
        }
        catch (Exception e)
        {
            record.State = before;
            // It may have been written all the same: whoever calls next reads the store anew.
            DeactivateOnIdle();
            if (e is OperationCanceledException)
                throw;
            return StoreRefusal.Of(e);
        }
        finally
        {
            _stored = null;
        }
    }

    private static bool AreSame(ServerSnapshot a, ServerSnapshot b)
        => JsonSerializer.Serialize(a with { Revision = 0, AsOf = default }, WingsJson.Options) == JsonSerializer.Serialize(b with { Revision = 0, AsOf = default }, WingsJson.Options);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: the cluster's store had forgotten changes of it (it had version {Known}); version {Version} is taken from the ledger of host {Host}")]
    private static partial void LogCaughtUp(ILogger logger, ServerId server, long known, long version, HostId host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: the cluster's store has forgotten changes of it, and what host {Host} knows cannot be taken: {Reason}")]
    private static partial void LogStaysBehind(ILogger logger, ServerId server, HostId host, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: what its host is to keep of it could not be told; the host asks later")]
    private static partial void LogNotReleased(ILogger logger, ServerId server, Exception exception);
}

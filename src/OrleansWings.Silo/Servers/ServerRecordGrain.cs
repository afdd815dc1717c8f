using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
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

        var assignment = Given(new ServerAssignment { Server = Id, Host = picked, Version = 1, Spec = spec with { Ports = placed.Ports } });
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
        return ServerResult.Accepted("The change is stored. What the container is made of applies at the next start, limits and all else at once.") with { Ports = spec.Ports };
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

    // As one that is made now: another host that once had the server, and does not know of this, has an earlier epoch.
    private ServerAssignment Given(ServerAssignment assignment) => assignment with { Epoch = ServerWishes.NextEpoch(assignment.Epoch, time.GetUtcNow()) };

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: what its host is to keep of it could not be told; the host asks later")]
    private static partial void LogNotReleased(ILogger logger, ServerId server, Exception exception);
}

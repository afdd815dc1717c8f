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

        var assignment = new ServerAssignment { Server = Id, Host = picked, Epoch = 1, Version = 1, Spec = spec with { Ports = placed.Ports } };
        if (await WriteAsync(r => (r.Assignment, r.CreatedAt) = (assignment, time.GetUtcNow())) is { } failed)
        {
            await ReleaseAsync(GrainFactory.GetGrain<IHostGrain>(picked.Value), isForgotten: true);
            return failed;
        }

        await TellHostAsync();
        var ports = spec.PortCount > spec.Ports.Length ? $" with {string.Join(", ", placed.Ports)}" : "";
        return Created($"The server {spec.Name} was created on host {picked}{ports}.");
    }

    public async Task<ServerResult> UpdateAsync(ServerSpec spec)
    {
        if (Assignment is not { DeletedAt: null } before)
            return Missing();
        spec = spec with { Host = before.Spec.Host };
        if (ServerSpecValidator.Validate(spec) is { IsEmpty: false } faults)
            return ServerResult.Invalid(faults);
        if (AreEqual(spec, AsAsked(before.Spec, spec)))
            return ServerResult.Accepted("Nothing is different.");

        var host = GrainFactory.GetGrain<IHostGrain>(before.Host.Value);
        var reserved = await host.ReserveServerAsync(Reservation(spec));
        if (!reserved.IsAccepted)
            return reserved;
        spec = spec with { Ports = reserved.Ports };
        if (await WriteAsync(r => r.Assignment = before with { Spec = spec, Version = before.Version + 1 }) is { } failed)
        {
            await host.ReserveServerAsync(Reservation(before.Spec) with { IsUndo = true });
            return failed;
        }

        await TellHostAsync();
        return ServerResult.Accepted("The change is stored and applies at the next start.") with { Ports = spec.Ports };
    }

    public async Task<ServerResult> DeleteAsync()
    {
        if (Assignment is not { DeletedAt: null } before)
            return Missing();
        if (await WriteAsync(r => r.Assignment = before with { DeletedAt = time.GetUtcNow(), Version = before.Version + 1 }) is { } failed)
            return failed;
        await TellHostAsync();
        return ServerResult.Accepted($"The server {before.Spec.Name} is deleted. Its files are kept for 7 days.");
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
            return reserved;
        var spec = before.Spec with { Ports = reserved.Ports };
        if (await WriteAsync(r => r.Assignment = before with { Spec = spec, DeletedAt = null, Version = before.Version + 1 }) is { } failed)
        {
            await ReleaseAsync(host, isForgotten: false);
            return failed;
        }

        await TellHostAsync();
        return ServerResult.Accepted($"The server {before.Spec.Name} is back, offline, with its files.") with { Ports = spec.Ports };
    }

    public Task<ServerAssignment?> GetAssignmentAsync() => Task.FromResult(Stored.Assignment);

    public Task<ServerSnapshot?> GetLastSnapshotAsync() => Task.FromResult(
        Stored is { Assignment: { } assignment } stored ? stored.Snapshot ?? FirstSnapshot(assignment, stored.CreatedAt) : null);

    public async Task OnSnapshotAsync(ServerSnapshot snapshot)
    {
        var known = record.State.Snapshot;
        if (Assignment is null || (known is not null && (known.Epoch, known.Revision).CompareTo((snapshot.Epoch, snapshot.Revision)) >= 0))
            return;
        // Written on changes of state only, not because the host's program began anew; what failed to be written comes again with the next one.
        snapshot = snapshot with { Activity = null, Progress = null };
        if (known is null || !AreSame(known, snapshot))
            await WriteAsync(r => r.Snapshot = snapshot);
    }

    public async Task OnDeletionDoneAsync(long version, bool arePurged)
    {
        if (Assignment is not { DeletedAt: not null } deleted || deleted.Version != version)
            return;
        await GrainFactory.GetGrain<IHostGrain>(deleted.Host.Value).ReleaseAsync(Id, arePurged);
        if (arePurged)
            await record.ClearStateAsync();
    }

    private ServerResult AnswerRetry(ServerAssignment existing, ServerSpec spec)
        => existing.DeletedAt is not null ? ServerResult.Refused(ServerRefusal.Deleted, $"The server {Id} is deleted. Restore it instead.")
            : AreEqual(AsAsked(existing.Spec, spec), spec) ? Created($"The server {spec.Name} was created before.")
            : ServerResult.Refused(ServerRefusal.AlreadyExists, $"A server {Id} exists already, and it is another one: {existing.Spec.Name}.");

    private ServerResult Created(string message) => ServerResult.Accepted(message) with { Server = Id, Host = Assignment!.Host, Ports = Assignment.Spec.Ports };

    private ServerResult Missing() => Assignment is null
        ? ServerResult.Refused(ServerRefusal.NotFound, $"There is no server {Id}.")
        : ServerResult.Refused(ServerRefusal.Deleted, $"The server {Assignment.Spec.Name} is deleted.");

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
        IsDeleted = assignment.DeletedAt is not null,
        Epoch = assignment.Epoch,
    };

    // What cannot be given back now is found by the host, which asks for the record of each server it is listed with.
    private async Task ReleaseAsync(IHostGrain host, bool isForgotten)
    {
        try
        {
            await host.ReleaseAsync(Id, isForgotten);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotReleased(logger, Id, e);
        }
    }

    private Task TellHostAsync() => GrainFactory.GetServer(Id).ApplyAsync(Assignment!);

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

    // Members are lists, which compare by reference: the stored text is what counts.
    private static bool AreEqual(ServerSpec a, ServerSpec b)
        => JsonSerializer.Serialize(a, WingsJson.Options) == JsonSerializer.Serialize(b, WingsJson.Options);

    private static bool AreSame(ServerSnapshot a, ServerSnapshot b)
        => JsonSerializer.Serialize(a with { Revision = 0, AsOf = default }, WingsJson.Options) == JsonSerializer.Serialize(b with { Revision = 0, AsOf = default }, WingsJson.Options);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Server {Server}: its ports could not be given back; its host does it later")]
    private static partial void LogNotReleased(ILogger logger, ServerId server, Exception exception);
}

using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Usages;

namespace OrleansWings.Servers;

/// <summary>The facade over a server's two grains: the host's for what runs, the record for what is wished.</summary>
internal sealed class ServerClient(IGrainFactory grains, ServerId id) : IServer
{
    private readonly IServerGrain _server = grains.GetServer(id);
    private readonly IServerRecordGrain _record = grains.GetGrain<IServerRecordGrain>(id.Value);

    public ServerId Id => id;

    public Task<ServerResult> StartAsync() => PowerAsync(PowerAction.Start);

    public Task<ServerResult> StopAsync() => PowerAsync(PowerAction.Stop);

    public Task<ServerResult> RestartAsync() => PowerAsync(PowerAction.Restart);

    public Task<ServerResult> KillAsync() => PowerAsync(PowerAction.Kill);

    public Task<ServerResult> SendCommandAsync(string command)
        => ServerCommand.Check(command) is { } fault
            ? Task.FromResult(ServerResult.Refused(ServerRefusal.Invalid, fault))
            : GrainCalls.GuardHostAsync(() => _server.SendCommandAsync(command));

    public Task<ImmutableArray<string>> ReadLogAsync(int lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lines, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines, 10_000);
        return _server.ReadLogAsync(lines);
    }

    public async Task<ServerSnapshot?> GetSnapshotAsync()
    {
        try
        {
            return await _server.GetSnapshotAsync();
        }
        catch (UnknownServerException)
        {
            return null;
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            // A job looks at many at once: it does not wait for one for long.
            return await GrainReads.ReadAsync(_record.GetLastSnapshotAsync, TimeSpan.FromSeconds(3)) is { } last ? last with { IsReachable = false } : null;
        }
    }

    public async Task<ServerSpec?> GetSpecAsync() => (await GrainReads.ReadAsync(_record.GetAssignmentAsync))?.Spec;

    public async Task<VersionedSpec?> GetVersionedSpecAsync()
        => await GrainReads.ReadAsync(_record.GetAssignmentAsync) is { } assignment ? new VersionedSpec(assignment.Spec, assignment.Version) : null;

    public async Task<ImmutableArray<UsageSample>> ReadUsageAsync()
    {
        try
        {
            return await _server.ReadUsageAsync();
        }
        catch (Exception e) when (e is UnknownServerException || GrainCalls.IsAway(e))
        {
            return [];
        }
    }

    public async Task<int?> CountPlayersAsync()
    {
        try
        {
            return await _server.CountPlayersAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is, it is not known who plays; a host of an older version does not know the question.
            return null;
        }
    }

    public async Task<ImmutableArray<ServerEvent>?> ReadEventsAsync()
    {
        try
        {
            return await _server.ReadEventsAsync();
        }
        catch (UnknownServerException)
        {
            return [];
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            return null;
        }
    }

    public Task<ServerResult> UpdateAsync(ServerSpec spec, long? expectedVersion = null) => GrainCalls.GuardAsync(
        () => expectedVersion is { } version ? _record.UpdateVersionAsync(spec, version) : _record.UpdateAsync(spec));

    public Task<ServerResult> DeleteAsync() => GrainCalls.GuardAsync(_record.DeleteAsync);

    public Task<ServerResult> RestoreAsync() => GrainCalls.GuardAsync(_record.RestoreAsync);

    public Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted) => GrainCalls.GuardAsync(() => _record.ReassignAsync(host, isRiskAccepted));

    public Task<ServerResult> AdoptAsync(HostId host) => GrainCalls.GuardHostAsync(async () =>
        await grains.GetHostAgent(host).GetAssignmentAsync(id) is { } assignment
            ? await _record.AdoptAsync(assignment)
            : ServerResult.Refused(ServerRefusal.NotFound, $"Host {host} has no server {id}."));

    public Task<ServerResult> RemoveUnclaimedAsync(HostId host) => GrainCalls.GuardHostAsync(async () =>
        await grains.GetHostAgent(host).GetAssignmentAsync(id) is { } assignment
            ? await _record.AdoptDeletedAsync(assignment)
            : ServerResult.Refused(ServerRefusal.NotFound, $"Host {host} has no server {id}."));

    private Task<ServerResult> PowerAsync(PowerAction action) => GrainCalls.GuardHostAsync(() => _server.PowerAsync(action));
}

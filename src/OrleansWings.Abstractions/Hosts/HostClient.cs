using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Fleets;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>The facade over a host's grain.</summary>
internal sealed class HostClient(IGrainFactory grains, IFleet fleet, HostId id) : IFleetHost
{
    private readonly IHostGrain _host = grains.GetGrain<IHostGrain>(id.Value);

    public HostId Id => id;

    public Task<ServerResult> SetLabelsAsync(ImmutableSortedDictionary<string, string> labels)
        => GrainCalls.GuardAsync(() => _host.SetLabelsAsync(labels));

    public Task<ServerResult> BeginMaintenanceAsync(string note) => GrainCalls.GuardAsync(() => _host.BeginMaintenanceAsync(note));

    public Task<ServerResult> EndMaintenanceAsync() => GrainCalls.GuardAsync(_host.EndMaintenanceAsync);

    public Task<ServerResult> DrainAsync(string note, JobPace? pace = null, DateTimeOffset? notBefore = null, JobId? job = null, string by = "") => GrainCalls.GuardAsync(async () =>
    {
        var request = new JobRequest
        {
            Action = PowerAction.Stop,
            Selection = new ServerSelection { Hosts = [id] },
            Pace = pace ?? new JobPace(),
            NotBefore = notBefore,
            By = by,
            DrainedHost = id,
        };
        // Before anything is done: what cannot be asked begins no maintenance either.
        if (JobRequestValidator.Check(request) is { IsEmpty: false } faults)
            return ServerResult.Invalid(faults);
        var begun = await _host.BeginMaintenanceAsync(note);
        if (!begun.IsAccepted)
            return begun;
        var made = await fleet.CreateJobAsync(request, job);
        return made.Refusal switch
        {
            ServerRefusal.None => made with
            {
                Message = $"{id} is in maintenance, and its servers are stopped one after another{(notBefore is { } at ? $" from {at:u} on" : "")}{(request.Pace.MaxWaitForPlayers > TimeSpan.Zero ? ", each once nobody is connected to it" : "")}.",
            },
            ServerRefusal.NothingSelected => ServerResult.Accepted($"{id} is in maintenance. It has no servers."),
            ServerRefusal.OutcomeUnknown => made with { Message = $"{id} is in maintenance. Whether its servers are stopped is not known: {made.Message}" },
            _ => made with { Message = $"{id} is in maintenance, but its servers are not stopped: {made.Message}" },
        };
    });

    public Task<ServerResult> SetOverCommitAsync(OverCommit factors) => GrainCalls.GuardAsync(() => _host.SetOverCommitAsync(factors));

    public Task<ServerResult> AddPoolAsync(AllocationPool pool) => GrainCalls.GuardAsync(() => _host.AddPoolAsync(pool));

    public Task<ServerResult> RemovePoolAsync(AllocationPool pool) => GrainCalls.GuardAsync(() => _host.RemovePoolAsync(pool));

    public Task<ServerResult> SetNoteAsync(Allocation port, string note) => GrainCalls.GuardAsync(() => _host.SetNoteAsync(port, note));

    public Task<ServerResult> RemoveAsync(bool withRecords)
        => GrainCalls.GuardAsync(() => grains.GetGrain<IHostRemovalGrain>(id.Value).RemoveAsync(withRecords));

    public Task<ServerResult> AdoptAllAsync() => GrainCalls.GuardHostAsync(async () =>
    {
        var unclaimed = (await grains.GetHostAgent(id).ListServersAsync()).Where(server => server is { IsUnclaimed: true, IsDeleted: false }).ToArray();
        var answers = new List<(string Name, ServerResult Answer)>();
        // A few at once: a host may have hundreds, and each is written to the store.
        foreach (var some in unclaimed.Chunk(16))
            answers.AddRange(await Task.WhenAll(some.Select(async server => (server.Name, await new ServerClient(grains, server.Id).AdoptAsync(id)))));
        return AdoptionWords.Of(id, answers);
    });

    /// <inheritdoc />
    public async Task<ImmutableArray<HostImage>?> ListUnusedImagesAsync()
    {
        try
        {
            return await grains.GetHostAgent(Id).ListUnusedImagesAsync();
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<ImageRemoval> RemoveImagesAsync(ImmutableArray<string> ids)
    {
        try
        {
            return await grains.GetHostAgent(Id).RemoveImagesAsync(ids);
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            return new ImageRemoval(0, [], $"Host {Id} does not answer. What was removed is not known: look again.");
        }
    }

    /// <inheritdoc />
    public async Task<HostCheck> CheckAsync(bool isDryRun)
    {
        try
        {
            return await grains.GetHostAgent(Id).CheckAsync(isDryRun);
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            return new HostCheck([], $"Host {Id} does not answer.");
        }
    }

    /// <inheritdoc />
    public Task<ServerResult> AdoptOrphanAsync(string container) => GrainCalls.GuardHostAsync(async () =>
    {
        var read = await grains.GetHostAgent(id).ReadOrphanAsync(container);
        if (read.Assignment is not { } assignment)
            return read.Refusal;
        var answer = await grains.GetGrain<IServerRecordGrain>(assignment.Server.Value).AdoptAsync(assignment);
        return answer.IsAccepted ? answer with { Message = $"{answer.Message} Its name, its stop rule, its done-lines and a disk limit stand on no container: see to them on its page." } : answer;
    });

    /// <inheritdoc />
    public Task<ServerResult> RemoveOrphanAsync(string container) => GrainCalls.GuardHostAsync(async () =>
    {
        var read = await grains.GetHostAgent(id).ReadOrphanAsync(container);
        // A host of an older version says whose it is with the assignment only.
        if ((read.Server ?? read.Assignment?.Server) is not { } server)
            return read.Refusal;
        // Adopted a moment ago, it is known here before its host has heard of it.
        if (await grains.GetGrain<IServerRecordGrain>(server.Value).GetAssignmentAsync() is { } record && record.Host == id)
            return ServerResult.Refused(ServerRefusal.AlreadyExists, $"Its server has a record by now: {record.Spec.Name}. Delete it on its page.");
        return await grains.GetHostAgent(id).RemoveOrphanAsync(container);
    });

    public Task<ImmutableArray<HeldAllocation>> ListAllocationsAsync() => GrainReads.ReadAsync(_host.ListAllocationsAsync);

    /// <inheritdoc />
    public async Task<ImmutableArray<string>> ListImagesAsync()
    {
        try
        {
            return await grains.GetHostAgent(Id).ListImagesAsync();
        }
        catch (Exception e) when (GrainCalls.IsAway(e))
        {
            return [];
        }
    }
}

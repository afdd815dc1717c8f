using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>Finds the servers that a job is for, in the order of their turns: those of a higher start priority first, a stop the other way round.</summary>
internal sealed class JobPlanner(IGrainFactory grains, FleetClient fleet)
{
    /// <summary>The plan, or why there is none.</summary>
    public async Task<(JobPlan? Plan, ServerResult? Refusal)> PlanAsync(JobRequest request)
    {
        request = request.Normalize();
        if (JobRequestValidator.Check(request) is { IsEmpty: false } faults)
            return (null, ServerResult.Invalid(faults));
        // A host that comes back lists a server that was given to another one, for a moment.
        var all = (await fleet.ListServersOnceAsync()).OrderByDescending(server => server.Epoch).DistinctBy(server => server.Id)
            .OrderBy(server => server.Name, StringComparer.OrdinalIgnoreCase).ThenBy(server => server.Id).ToArray();
        var named = request.Selection.Servers.ToHashSet();
        var fitting = all.Where(server => (named.Count == 0 || named.Contains(server.Id)) && request.Selection.Fits(server)).ToArray();
        var records = await GrainCalls.ForEachAsync(fitting, server => grains.GetGrain<IServerRecordGrain>(server.Id.Value).GetAssignmentAsync());
        var found = fitting.Zip(records, (server, record) => (Server: server, record?.Spec))
            .Where(one => request.Selection.FitsLabels(one.Spec?.Labels ?? ImmutableSortedDictionary<string, string>.Empty))
            .ToList();
        if (found.Count == 0)
            return (null, ServerResult.Refused(ServerRefusal.NothingSelected, $"No server fits: of {all.Length:N0} in the fleet none is as selected."));
        if (found.Count > JobRequestValidator.MaxServers)
            return (null, ServerResult.Refused(ServerRefusal.Invalid, $"{found.Count:N0} servers are more than one job may have ({JobRequestValidator.MaxServers:N0}): select them by host, for one."));
        var isStop = request.Action is PowerAction.Stop or PowerAction.Kill;
        // The list is by name, and this keeps its order among equals.
        var ordered = found.OrderBy(one => (isStop ? 1 : -1) * (one.Spec?.StartPriority ?? 0));
        return (new JobPlan(request, [.. ordered.Select(one => new JobServer(one.Server.Id, one.Server.Name, one.Server.Host))]), null);
    }
}

using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>What a job may be asked: looked at by the dashboard at the field, and by the fleet before anything is written.</summary>
public static class JobRequestValidator
{
    /// <summary>The most servers of one job. More are more than one job.</summary>
    public const int MaxServers = 10_000;

    private const int MaxText = 80;
    private const int MaxSearch = 200;
    private const int MaxHosts = 1_000;
    private const int MaxLabels = 100;

    /// <summary>Every fault of a request by itself; which servers there are is not looked at.</summary>
    /// <param name="request">What is asked.</param>
    public static ImmutableArray<SpecFault> Check(JobRequest request)
    {
        return [.. Faults()];

        IEnumerable<SpecFault> Faults()
        {
            if (!Enum.IsDefined(request.Action))
                yield return new SpecFault(nameof(request.Action), $"{(int)request.Action} is no power action.");
            foreach (var (field, text) in new[] { (nameof(request.Title), request.Title), (nameof(request.By), request.By) })
            {
                if (text is null || text.Length > MaxText || text.Any(char.IsControl))
                    yield return new SpecFault(field, $"'{text?[..Math.Min(text.Length, MaxText)]}' cannot be: at most {MaxText} characters, on one line.");
            }

            if (request.NotAfter <= (request.NotBefore ?? DateTimeOffset.MinValue))
                yield return new SpecFault(nameof(request.NotAfter), $"It would end ({request.NotAfter:u}) before it begins ({request.NotBefore:u}).");
            foreach (var fault in request.Selection is null ? [] : Check(request.Selection))
                yield return fault;
            if (request.Selection is null || request.Selection.IsEmpty)
                yield return new SpecFault(nameof(request.Selection), "Nothing is selected: name servers, a host, a label or a part of a name, or say that every server is meant.");
            foreach (var fault in request.Pace is null ? [new SpecFault(nameof(request.Pace), "There is no pace.")] : Check(request.Pace))
                yield return fault;
        }
    }

    private static IEnumerable<SpecFault> Check(ServerSelection selection)
    {
        const string field = nameof(JobRequest.Selection);
        if (!selection.Servers.IsDefault && selection.Servers.Length > MaxServers)
            yield return new SpecFault(field, $"{selection.Servers.Length:N0} servers are more than one job may have: {MaxServers:N0}.");
        if (!selection.Hosts.IsDefault && (selection.Hosts.Length > MaxHosts || selection.Hosts.Contains(default)))
            yield return new SpecFault(field, $"The list of hosts cannot be: at most {MaxHosts:N0}, each with a name.");
        if (selection.Labels is { Count: > MaxLabels } labels)
            yield return new SpecFault(field, $"{labels.Count:N0} labels are too many: at most {MaxLabels}.");
        if (selection.Text is { Length: > MaxSearch } text)
            yield return new SpecFault(field, $"'{text[..MaxText]}…' is {text.Length} characters long; at most {MaxSearch}.");
        if (selection.State is { } state && !Enum.IsDefined(state))
            yield return new SpecFault(field, $"{(int)state} is no power state.");
    }

    private static IEnumerable<SpecFault> Check(JobPace pace)
    {
        if (pace.MaxParallel is < 1 or > 100)
            yield return new SpecFault("Pace.MaxParallel", $"{pace.MaxParallel} servers at once cannot be: 1 to 100.");
        if (pace.MaxParallelPerHost is < 1 or > 100)
            yield return new SpecFault("Pace.MaxParallelPerHost", $"{pace.MaxParallelPerHost} servers of one host at once cannot be: 1 to 100.");
        if (pace.StepTimeout < TimeSpan.FromSeconds(10) || pace.StepTimeout > TimeSpan.FromDays(1))
            yield return new SpecFault("Pace.StepTimeout", $"{pace.StepTimeout.TotalSeconds:0} seconds for one server cannot be: 10 seconds to 24 hours.");
        if (pace.MinRunningTime < TimeSpan.Zero || pace.MinRunningTime > TimeSpan.FromMinutes(10))
            yield return new SpecFault("Pace.MinRunningTime", $"{pace.MinRunningTime.TotalSeconds:0} seconds of running cannot be: 0 seconds to 10 minutes.");
        else if (pace.MinRunningTime >= pace.StepTimeout)
            yield return new SpecFault("Pace.MinRunningTime", $"A server that has to run for {pace.MinRunningTime.TotalSeconds:0} seconds needs more than {pace.StepTimeout.TotalSeconds:0} seconds.");
        if (pace.MaxWaitForPlayers < TimeSpan.Zero || pace.MaxWaitForPlayers > TimeSpan.FromDays(1))
            yield return new SpecFault("Pace.MaxWaitForPlayers", $"{pace.MaxWaitForPlayers.TotalMinutes:0} minutes for players cannot be: 0 for not looking at them, or up to 24 hours.");
        if (pace.StopAfterFailures is < 0 or > MaxServers)
            yield return new SpecFault("Pace.StopAfterFailures", $"{pace.StopAfterFailures} failures cannot be: 0 for never, or up to {MaxServers:N0}.");
    }
}

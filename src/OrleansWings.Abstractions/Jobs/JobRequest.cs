using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>What a job shall do: one power action, on many servers, at a pace.</summary>
[GenerateSerializer, Immutable, Alias("job-request")]
public sealed record JobRequest
{
    /// <summary>
    /// What every server is asked. A restart passes over servers that are offline: it starts none that somebody has stopped. A start passes over those
    /// that run, a stop over those that are offline.
    /// </summary>
    [Id(0)]
    public required PowerAction Action { get; init; }

    /// <summary>Which servers: those that fit when the job is made.</summary>
    [Id(1)]
    public required ServerSelection Selection { get; init; }

    /// <summary>How fast.</summary>
    [Id(2)]
    public JobPace Pace { get; init; } = new();

    /// <summary>For people, at most 80 characters; empty for one that says what it does.</summary>
    [Id(3)]
    public string Title { get; init; } = "";

    /// <summary>Who asks, for people, at most 80 characters; may be empty.</summary>
    [Id(4)]
    public string By { get; init; } = "";

    /// <summary>No server is begun before, UTC; null for at once.</summary>
    [Id(5)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>No further server is begun after, UTC: those whose turn has not come then are cancelled. Null for no end.</summary>
    [Id(6)]
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The host that is drained by this job; null for any other job. See <see cref="IFleetHost.DrainAsync"/>.</summary>
    [Id(7)]
    public HostId? DrainedHost { get; init; }

    /// <summary>The job whose failed servers this one tries again; null for any other. See <see cref="IJob.RetryAsync"/>.</summary>
    [Id(8)]
    public JobId? Retries { get; init; }

    /// <summary>The job that this one undoes; null for any other. See <see cref="IJob.UndoAsync"/>.</summary>
    [Id(9)]
    public JobId? Undoes { get; init; }

    /// <summary>Whether another request asks for the same, whoever asks and whenever. Which servers are named one by one is not looked at.</summary>
    /// <param name="other">The other.</param>
    public bool IsSame(JobRequest other)
        => (Action, Title, Pace, DrainedHost, Retries, Undoes) == (other.Action, other.Title, other.Pace, other.DrainedHost, other.Retries, other.Undoes)
            && (Selection.IsEveryServer, Selection.Text, Selection.State) == (other.Selection.IsEveryServer, other.Selection.Text, other.Selection.State)
            && Selection.Hosts.SequenceEqual(other.Selection.Hosts)
            && Selection.Labels.SequenceEqual(other.Selection.Labels);

    /// <summary>The same without what other programs may leave out: empty in place of null.</summary>
    public JobRequest Normalize() => this with
    {
        Title = Title?.Trim() ?? "",
        By = By?.Trim() ?? "",
        Pace = Pace ?? new JobPace(),
        Selection = (Selection ?? new ServerSelection()).Normalize(),
    };

    /// <summary>The same without the servers that are named one by one.</summary>
    public JobRequest WithoutServers() => this with { Selection = Selection with { Servers = [] } };
}

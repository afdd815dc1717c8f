using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>A picture of one job.</summary>
[GenerateSerializer, Immutable, Alias("job-snapshot")]
public sealed record JobSnapshot
{
    /// <summary>The job.</summary>
    [Id(0)]
    public required JobId Id { get; init; }

    /// <summary>What was asked. Its <see cref="ServerSelection.Servers"/> may be left empty here: the steps name them.</summary>
    [Id(1)]
    public required JobRequest Request { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)]
    public JobState State { get; init; }

    /// <summary>When it was made, UTC.</summary>
    [Id(3)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When nothing was left to do, UTC; null before that is written down.</summary>
    [Id(4)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many servers are in each state; a state without any is not in it.</summary>
    [Id(5)]
    public ImmutableSortedDictionary<JobStepState, int> Counts { get; init; } = ImmutableSortedDictionary<JobStepState, int>.Empty;

    /// <summary>Why no further server is begun, or was, a sentence; null when nothing hinders it and when each had its turn.</summary>
    [Id(6)]
    public string? StopReason { get; init; }

    /// <summary>How long the rest takes at the pace so far; null when that is not known.</summary>
    [Id(7)]
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>When the first server had its turn, UTC; null before.</summary>
    [Id(8)]
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>The job that tries again what failed in this one; null when none does.</summary>
    [Id(9)]
    public JobId? RetriedBy { get; init; }

    /// <summary>The job that undoes this one; null when none does.</summary>
    [Id(10)]
    public JobId? UndoneBy { get; init; }

    /// <summary>How many servers it is for.</summary>
    public int Total => Counts.Values.Sum();

    /// <summary>How many servers are in a state.</summary>
    /// <param name="state">The state.</param>
    public int Count(JobStepState state) => Counts.GetValueOrDefault(state);

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsOver => State is JobState.Done or JobState.Stopped;

    /// <summary>What it is, in a few words.</summary>
    public string Title => Request.Title is { Length: > 0 } given ? given
        : Request.DrainedHost is { } host ? $"Drain {host}{(Request.Retries is null ? "" : " (again)")}"
        : $"{Request.Action} {Total:N0} {(Total == 1 ? "server" : "servers")}";
}

/// <summary>One server of a job.</summary>
/// <param name="Server">The server.</param>
/// <param name="Name">Its name when the job was made.</param>
/// <param name="Host">Its host then.</param>
/// <param name="State">Where it stands.</param>
/// <param name="BegunAt">When its turn came, UTC; null before.</param>
/// <param name="EndedAt">When it came to an end, UTC; null before.</param>
/// <param name="Message">What it answered, or how it went: a sentence; empty while there is nothing to say.</param>
[GenerateSerializer, Immutable, Alias("job-step")]
public sealed record JobStepSnapshot(
    [property: Id(0)] ServerId Server,
    [property: Id(1)] string Name,
    [property: Id(2)] Hosts.HostId Host,
    [property: Id(3)] JobStepState State,
    [property: Id(4)] DateTimeOffset? BegunAt,
    [property: Id(5)] DateTimeOffset? EndedAt,
    [property: Id(6)] string Message);

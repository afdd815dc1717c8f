using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Jobs;

/// <summary>One server of a job, as it is stored: written before the server is asked, so that a silo that dies in between asks nobody twice.</summary>
/// <param name="Server">The server.</param>
/// <param name="Name">Its name when the job was made.</param>
/// <param name="Host">Its host then.</param>
internal sealed record JobStep(ServerId Server, string Name, HostId Host)
{
    public JobStepState State { get; init; }

    /// <summary>Its run before it was asked: a restart is over with a later one. Null before it was looked at; then it is not asked either.</summary>
    public int? RunBefore { get; init; }

    /// <summary>When its turn came, UTC; for people.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>How long it has been under way while somebody looked. Counted, as a machine's clock is set now and then.</summary>
    public TimeSpan Spent { get; init; }

    /// <summary>Whether the server has answered that it does what was asked. Without it nobody knows whether the question was ever sent.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What it answered, or how it went: a sentence; "" while there is nothing to say.</summary>
    public string Message { get; init; } = "";

    public bool IsOver => State is not (JobStepState.Waiting or JobStepState.UnderWay);

    public JobStep End(JobStepState state, DateTimeOffset now, string message) => this with { State = state, EndedAt = now, Message = message };
}

using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Jobs;

/// <summary>
/// What a job does next: pure. Every step has a deadline and an end, so that no job can be stuck: what a host that is away will never tell ends
/// as failed. What becomes of one step is <see cref="JobStepRule"/>'s.
/// </summary>
internal static class JobRule
{
    /// <summary>Which of the steps are begun now, in their order.</summary>
    /// <param name="job">The job.</param>
    /// <param name="now">The time.</param>
    /// <param name="which">Those that may be begun at all; null for every one.</param>
    public static IEnumerable<int> ToBegin(JobRecord job, DateTimeOffset now, IReadOnlySet<int>? which = null)
    {
        if (WhyNoFurther(job, now) is not null || now < job.Request!.NotBefore)
            yield break;
        var pace = job.Request.Pace;
        var underWay = job.Steps.Where(step => step.State == JobStepState.UnderWay).ToList();
        var ofHosts = underWay.CountBy(step => step.Host).ToDictionary();
        var free = pace.MaxParallel - underWay.Count;
        for (var i = 0; i < job.Steps.Count && free > 0; i++)
        {
            var step = job.Steps[i];
            var ofHost = ofHosts.GetValueOrDefault(step.Host);
            if (step.State != JobStepState.Waiting || ofHost >= pace.MaxParallelPerHost || which?.Contains(i) is false)
                continue;
            ofHosts[step.Host] = ofHost + 1;
            free--;
            yield return i;
        }
    }

    /// <summary>Whether servers with somebody connected are left alone. Nobody is connected to one that is to be started.</summary>
    public static bool LooksAtPlayers(JobRequest request) => request.Pace.MaxWaitForPlayers > TimeSpan.Zero && request.Action != PowerAction.Start;

    /// <summary>Why no further server is begun, a sentence; null when some may be.</summary>
    public static string? WhyNoFurther(JobRecord job, DateTimeOffset now)
    {
        var failed = job.Steps.Count(step => step.State == JobStepState.Failed);
        var limit = job.Request!.Pace.StopAfterFailures;
        return job.IsCancelled ? "The job was cancelled."
            : limit > 0 && failed >= limit ? $"The job stopped by itself: {failed} failed."
            : now > job.Request.NotAfter ? "The job's time was over."
            : LooksAtPlayers(job.Request) && job.WaitedForPlayers >= job.Request.Pace.MaxWaitForPlayers
                ? $"The job has waited for players as long as it may, {Words(job.Request.Pace.MaxWaitForPlayers)}: the rest was never seen without."
            : null;
    }

    /// <summary>Ends the steps whose turn will not come. Those under way go on: a server is not left half-way.</summary>
    public static JobStep Settle(JobStep step, string? whyNoFurther, DateTimeOffset now)
        => step.State == JobStepState.Waiting && whyNoFurther is not null ? step.End(JobStepState.Cancelled, now, whyNoFurther) : step;

    /// <summary>Whether nothing of a job is left to do.</summary>
    public static bool IsOver(IReadOnlyList<JobStep> steps) => steps.All(step => step.IsOver);

    /// <summary>Where a job stands.</summary>
    /// <param name="job">The job.</param>
    /// <param name="isEndStored">Whether its end is written: before, it may not be the end.</param>
    /// <param name="now">The time.</param>
    public static JobState StateOf(JobRecord job, bool isEndStored, DateTimeOffset now)
        => isEndStored ? job.Steps.Exists(step => step.State == JobStepState.Cancelled) ? JobState.Stopped : JobState.Done
            : WhyNoFurther(job, now) is not null ? JobState.Ending
            : now < job.Request!.NotBefore && job.Steps.TrueForAll(step => step.State == JobStepState.Waiting) ? JobState.Waiting
            : JobState.UnderWay;

    /// <summary>How long the rest takes at the pace so far; null before the first servers have come to an end, and while it waits for players.</summary>
    public static TimeSpan? TimeLeft(JobRecord job, DateTimeOffset now)
    {
        var steps = job.Steps;
        // Nobody knows when players go.
        if (LooksAtPlayers(job.Request!) && steps.Exists(step => step.State == JobStepState.Waiting))
            return null;
        // What there was nothing to do with took no time.
        var ended = steps.Where(step => step is { State: JobStepState.Done or JobStepState.Failed, EndedAt: not null, BegunAt: not null }).ToList();
        var rest = steps.Count(step => !step.IsOver);
        if (ended.Count == 0 || rest == 0)
            return null;
        var sinceFirst = now - ended.Min(step => step.BegunAt!.Value);
        return sinceFirst <= TimeSpan.Zero ? null : sinceFirst / ended.Count * rest;
    }

    private static string Words(TimeSpan time) => time.TotalMinutes >= 2 ? $"{time.TotalMinutes:0} minutes" : $"{time.TotalSeconds:0} seconds";
}

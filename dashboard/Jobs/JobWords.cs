using OrleansWings.Dashboard.Usages;
using OrleansWings.Jobs;

namespace OrleansWings.Dashboard.Jobs;

/// <summary>Jobs in words.</summary>
public static class JobWords
{
    /// <summary>The states of a job's servers in the order in which people look for them: what went wrong first.</summary>
    public static IReadOnlyList<JobStepState> Order { get; } =
        [JobStepState.Failed, JobStepState.UnderWay, JobStepState.Waiting, JobStepState.Done, JobStepState.Skipped, JobStepState.Cancelled];

    /// <summary>One word or two for a server of a job.</summary>
    public static string Of(JobStepState state) => state switch
    {
        JobStepState.UnderWay => "Under way",
        JobStepState.Skipped => "Nothing to do",
        _ => state.ToString(),
    };

    /// <summary>The state's colour, of those of app.css.</summary>
    public static string ClassOf(JobStepState state) => state switch
    {
        JobStepState.UnderWay => "is-starting",
        JobStepState.Done => "is-running",
        JobStepState.Failed => "is-wrong",
        JobStepState.Cancelled => "is-set-aside",
        _ => "is-offline",
    };

    /// <summary>One word or two for a job.</summary>
    public static string Of(JobSnapshot job) => job.State switch
    {
        JobState.Waiting => "Waiting for its time",
        JobState.UnderWay => "Under way",
        JobState.Ending => "Ending",
        JobState.Stopped => "Stopped",
        _ when job.Count(JobStepState.Failed) > 0 => "Done, with failures",
        _ => "Done",
    };

    /// <summary>The job's colour, of those of app.css.</summary>
    public static string ClassOf(JobSnapshot job) => job.State switch
    {
        JobState.UnderWay or JobState.Ending => "is-starting",
        JobState.Stopped => "is-set-aside",
        JobState.Done => job.Count(JobStepState.Failed) > 0 ? "is-wrong" : "is-running",
        _ => "is-offline",
    };

    /// <summary>"15 min", "1 min 30 s": a length that somebody has set.</summary>
    public static string Span(TimeSpan span)
    {
        var text = Format.Duration(span);
        return span >= TimeSpan.FromMinutes(1) && (text.EndsWith(" 0 s", StringComparison.Ordinal) || text.EndsWith(" 0 min", StringComparison.Ordinal)) ? text[..text.LastIndexOf(" 0 ", StringComparison.Ordinal)] : text;
    }

    /// <summary>Which servers were meant, in words.</summary>
    public static string Selection(JobRequest request)
    {
        if (request.Retries is not null)
            return "The servers that failed in another job, or had no turn there.";
        if (request.Undoes is not null)
            return "The servers that another job has stopped.";
        var selection = request.Selection;
        var parts = new List<string>();
        if (selection.Hosts.Length > 0)
            parts.Add($"of {string.Join(" or ", selection.Hosts)}");
        if (selection.State is { } state)
            parts.Add($"that were {state.ToString().ToLowerInvariant()} when it was made");
        if (selection.Labels.Count > 0)
            parts.Add($"with {string.Join(", ", selection.Labels.Select(label => $"{label.Key}={label.Value}"))}");
        if (selection.Text.Length > 0)
            parts.Add($"in which ‘{selection.Text}’ occurs");
        return parts.Count > 0 ? $"Servers {string.Join(", ", parts)}." : selection.IsEveryServer ? "Every server of the fleet." : "Servers that were named one by one.";
    }

    /// <summary>"12 of 40 done, 3 had nothing to do, 1 failed, 5 cancelled".</summary>
    public static string Progress(JobSnapshot job)
    {
        var parts = new List<string> { $"{job.Count(JobStepState.Done):N0} of {job.Total:N0} done" };
        foreach (var (state, words) in new[] { (JobStepState.Skipped, "had nothing to do"), (JobStepState.Failed, "failed"), (JobStepState.Cancelled, "cancelled") })
        {
            if (job.Count(state) is > 0 and var count)
                parts.Add($"{count:N0} {words}");
        }

        return string.Join(", ", parts);
    }
}

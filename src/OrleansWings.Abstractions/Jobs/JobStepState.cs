namespace OrleansWings.Jobs;

/// <summary>Where one server of a job stands.</summary>
[GenerateSerializer, Alias("job-step-state")]
public enum JobStepState
{
    /// <summary>Its turn has not come.</summary>
    Waiting = 0,

    /// <summary>It is being asked, or was and is on its way.</summary>
    UnderWay = 1,

    /// <summary>It is as the job wants it.</summary>
    Done = 2,

    /// <summary>It was so before, or there was nothing to do.</summary>
    Skipped = 3,

    /// <summary>It refused, went another way, or did not come to an end in its time.</summary>
    Failed = 4,

    /// <summary>The job ended before its turn came.</summary>
    Cancelled = 5,
}

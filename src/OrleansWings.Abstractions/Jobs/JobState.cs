namespace OrleansWings.Jobs;

/// <summary>Where a job stands.</summary>
[GenerateSerializer, Alias("job-state")]
public enum JobState
{
    /// <summary>Its time has not come.</summary>
    Waiting = 0,

    /// <summary>Servers are asked, one after another.</summary>
    UnderWay = 1,

    /// <summary>No further server is begun; some are still on their way.</summary>
    Ending = 2,

    /// <summary>Every server had its turn; some may have failed.</summary>
    Done = 3,

    /// <summary>It ended before some had their turn: cancelled, stopped after failures, or its time was over.</summary>
    Stopped = 4,
}

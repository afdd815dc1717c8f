using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Jobs;

/// <summary>Which jobs there are; lives on a control silo. Key: 0. Keeps those that are not over, and the last <see cref="Kept"/> that are.</summary>
[Alias("job-book")]
public interface IJobBookGrain : IGrainWithIntegerKey
{
    /// <summary>How many jobs that are over are kept.</summary>
    const int Kept = 100;

    /// <summary>Enters a job before it is made. One turn at a time: of two jobs for the same server the second is refused.</summary>
    /// <param name="job">The job.</param>
    /// <param name="servers">Its servers.</param>
    [Alias("enter"), ResponseTimeout("00:00:15")]
    Task<ServerResult> EnterAsync(JobId job, ImmutableArray<ServerId> servers);

    /// <summary>A job is over, or was never made.</summary>
    /// <param name="job">The job.</param>
    /// <param name="isMade">Whether there is something to keep of it.</param>
    [Alias("over")]
    Task OnOverAsync(JobId job, bool isMade);

    /// <summary>The jobs, the newest first.</summary>
    /// <param name="isOpenOnly">Whether those that are over are left out.</param>
    [Alias("list")]
    Task<ImmutableArray<JobId>> ListAsync(bool isOpenOnly);
}

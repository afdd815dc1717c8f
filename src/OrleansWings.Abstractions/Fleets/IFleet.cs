using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Fleets;

/// <summary>All servers and hosts. What panel code and the dashboard begin with.</summary>
public interface IFleet
{
    /// <summary>One server by its id; asks nobody whether it exists.</summary>
    /// <param name="id">The server.</param>
    IServer GetServer(ServerId id);

    /// <summary>One host by its name; asks nobody whether it exists.</summary>
    /// <param name="id">The host.</param>
    IFleetHost GetHost(HostId id);

    /// <summary>Creates a server, offline. Its id is in the result.</summary>
    /// <param name="spec">What is asked.</param>
    /// <param name="id">The id it shall have, so that a retry cannot double; null for a new one.</param>
    Task<ServerResult> CreateServerAsync(ServerSpec spec, ServerId? id = null);

    /// <summary>Every server, by name.</summary>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, or no control process for a while, so it is not known who would know. Ask again.</exception>
    Task<ImmutableArray<ServerSnapshot>> ListServersAsync();

    /// <summary>Every host, by id.</summary>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, or no control process for a while, so it is not known who would know. Ask again.</exception>
    Task<ImmutableArray<HostSnapshot>> ListHostsAsync();

    /// <summary>Deleted servers that can still be brought back, the latest first.</summary>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, or no control process for a while, so it is not known who would know. Ask again.</exception>
    Task<ImmutableArray<DeletedServer>> ListDeletedServersAsync();

    /// <summary>One job by its id; asks nobody whether it exists.</summary>
    /// <param name="id">The job.</param>
    IJob GetJob(JobId id);

    /// <summary>
    /// Makes a job: a power action on many servers, at a pace, kept and carried on by the fleet. Its servers are those that fit now, and its id is in the
    /// result. Refused as <see cref="ServerRefusal.Invalid"/>, as <see cref="ServerRefusal.NothingSelected"/> when no server fits, as
    /// <see cref="ServerRefusal.ServersInOtherJob"/> while one of them is in a job that is not over, as <see cref="ServerRefusal.AlreadyExists"/> when the id is
    /// another job's. After <see cref="ServerRefusal.OutcomeUnknown"/> ask again with the same id.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="id">The id it shall have, so that a retry cannot double; null for a new one.</param>
    Task<ServerResult> CreateJobAsync(JobRequest request, JobId? id = null);

    /// <summary>The job that is not over and has this server to come or on its way; null when none has.</summary>
    /// <param name="server">The server.</param>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, or no control process for a while. Ask again.</exception>
    Task<JobSnapshot?> FindJobAsync(ServerId server);

    /// <summary>The jobs that are not over and the last hundred that are, the newest first.</summary>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, or no control process for a while. Ask again.</exception>
    Task<ImmutableArray<JobSnapshot>> ListJobsAsync();
}

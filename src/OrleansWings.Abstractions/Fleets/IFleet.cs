using System.Collections.Immutable;
using OrleansWings.Hosts;
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
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, so it is not known who would know. Ask again.</exception>
    Task<ImmutableArray<ServerSnapshot>> ListServersAsync();

    /// <summary>Every host, by id.</summary>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, so it is not known who would know. Ask again.</exception>
    Task<ImmutableArray<HostSnapshot>> ListHostsAsync();

    /// <summary>Deleted servers that can still be brought back, the latest first.</summary>
    /// <exception cref="StoreUnreachableException">The cluster's store does not answer, so it is not known who would know. Ask again.</exception>
    Task<ImmutableArray<DeletedServer>> ListDeletedServersAsync();
}

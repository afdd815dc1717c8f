using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>
/// The grains that live on hosts, by their full name: looking them up by their interface fails in a cluster in which no
/// host has joined yet.
/// </summary>
public static class HostGrains
{
    private static readonly GrainType s_server = GrainType.Create("server");
    private static readonly GrainType s_agent = GrainType.Create("host-agent");

    /// <summary>A server on its host.</summary>
    /// <param name="grains">The way to the cluster.</param>
    /// <param name="server">The server.</param>
    public static IServerGrain GetServer(this IGrainFactory grains, ServerId server)
        => grains.GetGrain<IServerGrain>(GrainId.Create(s_server, GrainIdKeyExtensions.CreateGuidKey(server.Value)));

    /// <summary>A host's program.</summary>
    /// <param name="grains">The way to the cluster.</param>
    /// <param name="host">The host.</param>
    public static IHostAgentGrain GetHostAgent(this IGrainFactory grains, HostId host)
        => grains.GetGrain<IHostAgentGrain>(GrainId.Create(s_agent, host.Value));
}

using Microsoft.Extensions.Logging;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Images;

namespace OrleansWings.Silo.Servers;

/// <summary>What every worker of a host shares.</summary>
public sealed record HostServices(
    HostId Host,
    IContainerEngine Engine,
    EngineWatch Watch,
    HostLedger Ledger,
    HostPaths Paths,
    ImagePuller Images,
    ServerNetwork Network,
    OutgoingNetworks Outgoing,
    ClusterIdentity Cluster,
    DockerHostOptions Options,
    StartGate Starts,
    ConsoleOptions ConsoleOptions,
    ServerInstruments Instruments,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    /// <summary>Removes a server's container, and its bridge to the world if that was its own and is nobody's any more.</summary>
    /// <exception cref="EngineException">The engine could not.</exception>
    internal async Task RemoveContainerAsync(ContainerState container, bool force, CancellationToken cancellationToken)
    {
        await Engine.RemoveAsync(container.Id.Value, force, cancellationToken).ConfigureAwait(false);
        try
        {
            await Outgoing.RemoveUnusedAsync(container.NetworkMode, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException)
        {
            // The container is gone, which was asked for. The bridge goes with the next deletion there, or when the host finds it left.
        }
    }
}

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
    ILoggerFactory Loggers);

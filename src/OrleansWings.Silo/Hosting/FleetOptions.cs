using System.Net;
using OrleansWings.Certificates;
using StackExchange.Redis;

namespace OrleansWings.Silo.Hosting;

/// <summary>What a process needs to be one of many: where the cluster's store is and where other silos reach this one.</summary>
public sealed class FleetOptions
{
    /// <summary>The port at which silos listen for one another.</summary>
    public const int DefaultSiloPort = 11_111;

    /// <summary>The port at which control silos listen for panel code.</summary>
    public const int DefaultGatewayPort = 30_000;

    /// <summary>The cluster's store. Holds the password: not to be logged.</summary>
    public required ConfigurationOptions Redis { get; init; }

    /// <summary>The store's address, without the password.</summary>
    public string Store => Storage.RedisLink.Describe(Redis) + (Redis.DefaultDatabase is > 0 and var number ? $"/{number}" : "");

    /// <summary>The cluster's name. In no storage key: one that got another name finds its servers again. A store has one at a time.</summary>
    public string ClusterId { get; init; } = WingsNames.ServiceId;

    /// <summary>The address of this machine that the other silos reach.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>
    /// For an address that is only a guess, because at the start there was no way to the store: finds the right one, or null while there is none.
    /// Null when <see cref="Address"/> is no guess.
    /// </summary>
    public Func<IPAddress?>? FindAddress { get; init; }

    /// <summary>1 to 65,535.</summary>
    public int SiloPort { get; init; } = DefaultSiloPort;

    /// <summary>1 to 65,535. Not used by a host: panel code calls control silos.</summary>
    public int GatewayPort { get; init; } = DefaultGatewayPort;

    /// <summary>This machine's certificates. Null: silos talk in the clear, which the operator allowed.</summary>
    public FleetCertificates? Certificates { get; init; }

    /// <summary>A secret of this machine's data folder: who has another one under the same host name is a twin.</summary>
    public required Guid MachineKey { get; init; }
}

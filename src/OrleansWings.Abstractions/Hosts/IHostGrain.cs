using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>What is kept about one host; lives on a control silo. Key: host id. Never waits for the host itself.</summary>
[Alias("host")]
public interface IHostGrain : IGrainWithStringKey
{
    /// <summary>
    /// Holds exactly these ports for a server and lists it here; what it held before and is not among them is freed.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="name">Its name, for the message to whoever wants its ports.</param>
    /// <param name="ports">The ports it shall hold.</param>
    /// <returns>Accepted, or <see cref="ServerRefusal.PortTaken"/> with who holds each, or <see cref="ServerRefusal.NotStored"/>; then nothing was changed.</returns>
    [Alias("reserve")]
    Task<ServerResult> ReserveAsync(ServerId server, string name, ImmutableArray<Allocation> ports);

    /// <summary>Frees all ports of a server. It stays listed while its files are kept.</summary>
    /// <param name="server">The server.</param>
    /// <param name="isForgotten">Whether it shall be listed no longer.</param>
    [Alias("release")]
    Task ReleaseAsync(ServerId server, bool isForgotten);

    /// <summary>Every server assigned to the host, the deleted ones that it still keeps files of included.</summary>
    [Alias("list-servers")]
    Task<ImmutableArray<HostedServer>> ListServersAsync();

    /// <summary>What the host's program says of itself, when it starts and once a minute.</summary>
    /// <param name="facts">The engine; null while it cannot be asked.</param>
    [Alias("report")]
    Task ReportAsync(HostFacts? facts);

    /// <summary>The host, as last reported.</summary>
    [Alias("snapshot")]
    Task<HostSnapshot> GetSnapshotAsync();
}

/// <summary>A server in its host's list.</summary>
/// <param name="Id">The server.</param>
/// <param name="IsDeleted">Whether it is deleted and only its files are kept.</param>
[GenerateSerializer, Immutable, Alias("hosted-server")]
public sealed record HostedServer([property: Id(0)] ServerId Id, [property: Id(1)] bool IsDeleted);

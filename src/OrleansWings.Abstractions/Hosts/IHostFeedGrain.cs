using Orleans.Concurrency;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>
/// Listens to one host's streams, notices silence, and feeds the fleet's picture; in memory on a control silo. Key: host id.
/// </summary>
[Alias("host-feed")]
public interface IHostFeedGrain : IGrainWithStringKey
{
    /// <summary>What is known of the host now.</summary>
    [Alias("host"), AlwaysInterleave]
    Task<HostSnapshot> GetHostAsync();

    /// <summary>Counts a server to this host no longer: it was given to another.</summary>
    /// <param name="server">The server.</param>
    [Alias("forget")]
    Task ForgetAsync(ServerId server);

    /// <summary>
    /// Wakes the feed and gives everything it knows. A feed that has just begun waits a second for its host's answer; then it gives what
    /// the records last knew, as not confirmed.
    /// </summary>
    [Alias("update"), AlwaysInterleave]
    Task<FleetUpdate> GetUpdateAsync();

    /// <summary>The host was removed from the fleet: viewers are told, and the feed ends.</summary>
    [Alias("forget-host")]
    Task ForgetHostAsync();

    /// <summary>Wakes the feed and makes it send everything it knows to the fleet's feed.</summary>
    [Alias("resend")]
    Task ResendAsync();

    /// <summary>What is kept about the host was changed: its servers' ports, its settings.</summary>
    [Alias("kept-changed"), Orleans.Concurrency.OneWay]
    Task OnKeptChangedAsync();

    /// <summary>A server was deleted or restored: viewers are told at once, as its host may be away for long. The host's own word goes before it.</summary>
    /// <param name="kept">What the server's record has of it now.</param>
    [Alias("wished"), Orleans.Concurrency.OneWay]
    Task OnWishedAsync(ServerSnapshot kept);
}

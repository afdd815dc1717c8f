using OrleansWings.Hosts;

namespace OrleansWings.Fleets;

/// <summary>The live picture of the whole fleet for all its viewers; in memory on a control silo. Key: 0.</summary>
/// <remarks>Use <see cref="IFleetFeed"/>, which shares one subscription between all viewers of a process.</remarks>
[Alias("fleet-feed")]
public interface IFleetFeedGrain : IGrainWithIntegerKey
{
    /// <summary>Everything, then changes, for ever. A slow caller gets fewer and larger steps, and holds up nobody.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    [Alias("watch")]
    IAsyncEnumerable<FleetUpdate> WatchAsync(CancellationToken cancellationToken = default);

    /// <summary>What one host's feed has seen.</summary>
    /// <param name="host">The host.</param>
    /// <param name="update">The step.</param>
    [Alias("host-changed"), Orleans.Concurrency.OneWay]
    Task OnHostUpdateAsync(HostId host, FleetUpdate update);
}

/// <summary>The live picture of the fleet for this process: one subscription, however many viewers.</summary>
public interface IFleetFeed
{
    /// <summary>Everything, then changes, for ever; a viewer that falls behind gets them merged.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<FleetUpdate> WatchAsync(CancellationToken cancellationToken);
}

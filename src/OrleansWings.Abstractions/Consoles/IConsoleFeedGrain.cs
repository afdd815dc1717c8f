using OrleansWings.Servers;

namespace OrleansWings.Consoles;

/// <summary>
/// One server's console for all its viewers; lives on a control silo and keeps only a cache in memory. Key: server id.
/// </summary>
/// <remarks>Use <see cref="IConsoleFeeds"/>, which shares one subscription between all viewers of a process.</remarks>
[Alias("console-feed")]
public interface IConsoleFeedGrain : IGrainWithGuidKey
{
    /// <summary>Records from a place on, for ever, in order. Ends when the caller goes. A slow caller holds up nobody.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Alias("watch")]
    IAsyncEnumerable<ConsoleBatch> WatchAsync(ConsoleCursor from, CancellationToken cancellationToken = default);

    /// <summary>Records that a cache has no more, from the host's journal.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="maxBytes">About how much, at most 512 KiB.</param>
    /// <exception cref="Hosts.HostUnreachableException">The server's host does not answer.</exception>
    [Alias("read")]
    Task<ConsolePage> ReadAsync(ConsoleCursor from, int maxBytes);
}

/// <summary>Live consoles for this process: one subscription per server, however many viewers.</summary>
public interface IConsoleFeeds
{
    /// <summary>
    /// Records from a place on, for ever, complete and in order; a batch that begins later than the last one ended names
    /// by its numbers what is no longer kept. While the host is away it waits, then goes on at the next record.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<ConsoleBatch> WatchAsync(ServerId server, ConsoleCursor from, CancellationToken cancellationToken);

    /// <summary>Records from the host's journal, for history and search.</summary>
    /// <param name="server">The server.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="maxBytes">About how much, at most 512 KiB.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Hosts.HostUnreachableException">The server's host does not answer.</exception>
    Task<ConsolePage> ReadAsync(ServerId server, ConsoleCursor from, int maxBytes, CancellationToken cancellationToken);
}

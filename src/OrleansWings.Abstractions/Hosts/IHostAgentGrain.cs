using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>The host's program itself; lives on the silo of that host, and nowhere else. Key: host id.</summary>
[Alias("host-agent")]
public interface IHostAgentGrain : IGrainWithStringKey
{
    /// <summary>The engine's facts; null while it does not answer.</summary>
    [Alias("facts"), ResponseTimeout("00:00:03")]
    Task<HostFacts?> GetFactsAsync();

    /// <summary>Every server that the host knows, as it is now: where listeners begin and begin anew.</summary>
    [Alias("list-servers"), ResponseTimeout("00:00:03")]
    Task<ImmutableArray<ServerSnapshot>> ListServersAsync();

    /// <summary>Names of the images that the engine has, in order, 500 at most; empty while it does not answer.</summary>
    [Alias("list-images"), ResponseTimeout("00:00:03")]
    Task<ImmutableArray<string>> ListImagesAsync();

    /// <summary>Images that no container is made of and no server here wishes, the largest first; null while the engine does not answer.</summary>
    [Alias("unused-images"), ResponseTimeout("00:00:30")]
    Task<ImmutableArray<HostImage>?> ListUnusedImagesAsync();

    /// <summary>Removes images by their ids, those only that are still unused.</summary>
    /// <param name="ids">The ids.</param>
    [Alias("remove-images"), ResponseTimeout("00:02:00")]
    Task<ImageRemoval> RemoveImagesAsync(ImmutableArray<string> ids);

    /// <summary>Compares the engine with what the host knows; the host does so by itself each minute and after its engine was away.</summary>
    /// <param name="isDryRun">Whether it only says what it finds.</param>
    [Alias("check"), ResponseTimeout("00:00:30")]
    Task<HostCheck> CheckAsync(bool isDryRun);

    /// <summary>
    /// What a record of an orphaned container would say, read off the container: refused when it is none (any more), or when its files are not this host's.
    /// </summary>
    /// <param name="container">Its id.</param>
    [Alias("read-orphan"), ResponseTimeout("00:00:10")]
    Task<OrphanReading> ReadOrphanAsync(string container);

    /// <summary>Ends and removes an orphaned container; its server's files stay.</summary>
    /// <param name="container">Its id.</param>
    [Alias("remove-orphan"), ResponseTimeout("00:00:30")]
    Task<ServerResult> RemoveOrphanAsync(string container);

    /// <summary>
    /// Asks the records now what is wished here, and ends what they gave to another host. Sent when somebody was reassigned,
    /// and when the host was silent and is heard again.
    /// </summary>
    [Alias("take-wishes"), OneWay]
    Task TakeWishesAsync();

    /// <summary>Lets the host take nothing more for a server that is another's now; its copy ends then, in its own time.</summary>
    /// <param name="assignment">What the record says.</param>
    [Alias("stand-down"), ResponseTimeout("00:00:03")]
    Task StandDownAsync(ServerAssignment assignment);

    /// <summary>What the host's ledger has of a server; null when it knows none of this id.</summary>
    /// <param name="server">The server.</param>
    [Alias("assignment"), ResponseTimeout("00:00:03")]
    Task<ServerAssignment?> GetAssignmentAsync(ServerId server);
}

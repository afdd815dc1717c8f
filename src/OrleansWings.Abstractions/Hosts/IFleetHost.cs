using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>One host by its name: what operators say of it. What panel code and the dashboard use.</summary>
/// <remarks>Asks the cluster and not the host, but where it says so: it can be changed while the host is away. A name that no host has is
/// refused as <see cref="ServerRefusal.NoHost"/>.</remarks>
public interface IFleetHost
{
    /// <summary>The host.</summary>
    HostId Id { get; }

    /// <summary>Replaces the host's labels.</summary>
    /// <param name="labels">key=value.</param>
    Task<ServerResult> SetLabelsAsync(ImmutableSortedDictionary<string, string> labels);

    /// <summary>Lets no new server come here; those that are here go on and may be started.</summary>
    /// <param name="note">Why, for the other operators; may be empty.</param>
    Task<ServerResult> BeginMaintenanceAsync(string note);

    /// <summary>
    /// Empties the host of running servers: lets no new one come here, and makes a job that stops those that run, a few at a time. Its id is in the
    /// result; without servers there is none. <see cref="IJob.UndoAsync"/> ends the maintenance and starts them again. Refused, the host may be in
    /// maintenance all the same: the message says so.
    /// </summary>
    /// <param name="note">Why, for the other operators; may be empty.</param>
    /// <param name="pace">How fast; null for the usual.</param>
    /// <param name="notBefore">When the first server may be stopped, UTC; null for at once.</param>
    /// <param name="job">The job's id, so that a repetition cannot double; null for a new one.</param>
    /// <param name="by">Who asks, for people.</param>
    Task<ServerResult> DrainAsync(string note, JobPace? pace = null, DateTimeOffset? notBefore = null, JobId? job = null, string by = "");

    /// <summary>Lets servers come here again.</summary>
    Task<ServerResult> EndMaintenanceAsync();

    /// <summary>Changes how much more may be promised than there is. What is promised already stays.</summary>
    /// <param name="factors">The factors.</param>
    Task<ServerResult> SetOverCommitAsync(OverCommit factors);

    /// <summary>Adds a pool of ports; refused when it overlaps another of the host, by name.</summary>
    /// <param name="pool">The pool.</param>
    Task<ServerResult> AddPoolAsync(AllocationPool pool);

    /// <summary>Removes a pool of ports; refused as <see cref="ServerRefusal.PoolInUse"/> while servers hold some of them.</summary>
    /// <param name="pool">Its address and range.</param>
    Task<ServerResult> RemovePoolAsync(AllocationPool pool);

    /// <summary>Writes a note to a port of a pool, or one that a server holds; it goes when the server gives the port up.</summary>
    /// <param name="port">The port.</param>
    /// <param name="note">The note; empty for none.</param>
    Task<ServerResult> SetNoteAsync(Allocation port, string note);

    /// <summary>
    /// Removes the host from the fleet, its settings and pools too, and frees its name for another machine. Refused as
    /// <see cref="ServerRefusal.HostInUse"/> while it is in the cluster. If it comes back all the same, it joins as a new one.
    /// </summary>
    /// <param name="withRecords">
    /// Whether the records of its servers go with it: the fleet then knows them no longer; their files and containers stay on the
    /// machine. False is refused as <see cref="ServerRefusal.HostHasServers"/> while it has servers that are not deleted.
    /// </param>
    Task<ServerResult> RemoveAsync(bool withRecords);

    /// <summary>Makes records of all servers that the host has and no record knows; those that cannot be are named with the reason.</summary>
    Task<ServerResult> AdoptAllAsync();

    /// <summary>Every port that a server holds and every one that has a note, by address and port.</summary>
    Task<ImmutableArray<HeldAllocation>> ListAllocationsAsync();

    /// <summary>Names of images that the host's engine has already, in order, 500 at most; empty while the host or its engine is away. Asks the host itself.</summary>
    Task<ImmutableArray<string>> ListImagesAsync();

    /// <summary>
    /// Images on the host that no container, of anybody, is made of and no server there wishes, the largest first; null while the host or its engine is
    /// away. Asks the host itself.
    /// </summary>
    Task<ImmutableArray<HostImage>?> ListUnusedImagesAsync();

    /// <summary>Removes images from the host for good, those only that are still unused. One that no registry has is lost.</summary>
    /// <param name="ids">Ids of <see cref="ListUnusedImagesAsync"/>.</param>
    Task<ImageRemoval> RemoveImagesAsync(ImmutableArray<string> ids);

    /// <summary>
    /// Compares the host's engine with what the host knows: stale and doubled containers, orphaned ones, the network, limits that somebody
    /// changed. The host does so by itself each minute and repairs what it may. Asks the host itself.
    /// </summary>
    /// <param name="isDryRun">Whether it only says what it finds.</param>
    Task<HostCheck> CheckAsync(bool isDryRun);

    /// <summary>
    /// Makes a record for the server of an orphaned container, as far as the container tells: its name, how it is stopped, what it says when it is up and its
    /// disk limit stand on no container, and are the defaults from then on. A game that runs goes on.
    /// </summary>
    /// <param name="container">Its id, as <see cref="HostFinding.Container"/> has it.</param>
    Task<ServerResult> AdoptOrphanAsync(string container);

    /// <summary>Ends and removes an orphaned container. Its server's files stay on the host.</summary>
    /// <param name="container">Its id, as <see cref="HostFinding.Container"/> has it.</param>
    Task<ServerResult> RemoveOrphanAsync(string container);
}

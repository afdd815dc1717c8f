using Orleans.Concurrency;
using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>The wishes about one server; lives on a control silo, so they can change while the host is away. Key: server id.</summary>
[Alias("server-record")]
public interface IServerRecordGrain : IGrainWithGuidKey
{
    /// <summary>Creates the server: checks the spec, picks the host, reserves the ports, writes the record, tells the host.</summary>
    /// <param name="spec">What the user asks.</param>
    /// <returns>Accepted also when the same server was created before with the same spec, so that a retry cannot double.</returns>
    [Alias("create"), ResponseTimeout("00:00:10")]
    Task<ServerResult> CreateAsync(ServerSpec spec);

    /// <summary>Changes the spec; the host applies it at the next start.</summary>
    /// <param name="spec">What the user asks.</param>
    [Alias("update"), ResponseTimeout("00:00:10")]
    Task<ServerResult> UpdateAsync(ServerSpec spec);

    /// <summary>Changes the spec unless somebody else did since it was read.</summary>
    /// <param name="spec">What the user asks.</param>
    /// <param name="expectedVersion">The version that was read.</param>
    /// <returns>Refused with <see cref="ServerRefusal.Changed"/> when it is another now and asks for something else.</returns>
    [Alias("update-version"), ResponseTimeout("00:00:10")]
    Task<ServerResult> UpdateVersionAsync(ServerSpec spec, long expectedVersion);

    /// <summary>Marks the server deleted; the host stops it, removes its container and keeps its files for 7 days.</summary>
    [Alias("delete"), ResponseTimeout("00:00:10")]
    Task<ServerResult> DeleteAsync();

    /// <summary>Undoes a deletion while the files are kept and the ports are free.</summary>
    [Alias("restore"), ResponseTimeout("00:00:10")]
    Task<ServerResult> RestoreAsync();

    /// <summary>
    /// Gives the server to another host, which starts it offline. For one whose host is lost, or that is offline; whose files
    /// both hosts reach.
    /// </summary>
    /// <param name="host">The host that shall have it.</param>
    /// <param name="isRiskAccepted">
    /// Whether a person says that the files are on storage that both hosts reach, and that a lost host does not run it any more.
    /// </param>
    [Alias("reassign"), ResponseTimeout("00:00:10")]
    Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted);

    /// <summary>Takes a server that a host has and no record knows, as after the loss of the cluster's store.</summary>
    /// <param name="assignment">What the host's ledger has.</param>
    [Alias("adopt"), ResponseTimeout("00:00:10")]
    Task<ServerResult> AdoptAsync(ServerAssignment assignment);

    /// <summary>
    /// Takes what a host knows of its server and the record does not: the store was put back to an older copy, or lost its last second. The
    /// later wish stays; of two with the same number the record's, under a new one.
    /// </summary>
    /// <param name="held">What the host's ledger has.</param>
    [Alias("take-ledger"), ResponseTimeout("00:00:10")]
    Task TakeLedgerAsync(ServerAssignment held);

    /// <summary>Makes the host promise what the record says, whatever it has promised: for a change of which only one of both was stored.</summary>
    [Alias("promise-again")]
    Task PromiseAgainAsync();

    /// <summary>Takes a server that a host has and no record knows as one that is deleted: its host carries that out.</summary>
    /// <param name="assignment">What the host's ledger has.</param>
    [Alias("adopt-deleted")]
    Task<ServerResult> AdoptDeletedAsync(ServerAssignment assignment);

    /// <summary>Forgets the server with the host that has it. Nobody else is told: the host will not come back.</summary>
    /// <param name="host">The host; one that has another host is left as it is.</param>
    [Alias("remove-with-host")]
    Task RemoveWithHostAsync(HostId host);

    /// <summary>What the host is told; null when there is no such server.</summary>
    [Alias("assignment"), AlwaysInterleave]
    Task<ServerAssignment?> GetAssignmentAsync();

    /// <summary>The last picture the host sent; null when there is no such server.</summary>
    [Alias("last-snapshot"), AlwaysInterleave]
    Task<ServerSnapshot?> GetLastSnapshotAsync();

    /// <summary>A picture from the host, on every change of state. Older hosts use it; it may be lost without a word.</summary>
    /// <param name="snapshot">The picture.</param>
    [Alias("snapshot-changed"), OneWay]
    Task OnSnapshotAsync(ServerSnapshot snapshot);

    /// <summary>A picture from the host, on every change of state; it says also which wish the host has, so that the record need not repeat it.</summary>
    /// <param name="snapshot">The picture.</param>
    /// <returns>False when it could not be stored; then the host sends it again.</returns>
    [Alias("take-snapshot"), ResponseTimeout("00:00:05")]
    Task<bool> TakeSnapshotAsync(ServerSnapshot snapshot);

    /// <summary>The host has stopped and removed a deleted server, or purged its files.</summary>
    /// <param name="version">The version of the wish that was carried out.</param>
    /// <param name="arePurged">Whether its files are gone for good.</param>
    [Alias("deletion-done")]
    Task OnDeletionDoneAsync(long version, bool arePurged);
}

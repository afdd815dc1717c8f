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
    /// <returns>Accepted, or <see cref="ServerRefusal.PortTaken"/> with who holds each, or <see cref="ServerRefusal.NotStored"/>; then nothing was changed. Or
    /// <see cref="ServerRefusal.OutcomeUnknown"/>.</returns>
    [Alias("reserve")]
    Task<ServerResult> ReserveAsync(ServerId server, string name, ImmutableArray<Allocation> ports);

    /// <summary>Promises a server what it asks and lists it here, or refuses; all in one turn, so nothing is promised twice.</summary>
    /// <param name="wish">What it asks.</param>
    /// <returns>Accepted, or <see cref="ServerRefusal.PortTaken"/>, <see cref="ServerRefusal.NoHost"/> with what is lacking, or
    /// <see cref="ServerRefusal.NotStored"/>; refused, nothing was changed. Or <see cref="ServerRefusal.OutcomeUnknown"/>.</returns>
    [Alias("reserve-server")]
    Task<ServerResult> ReserveServerAsync(HostReservation wish);

    /// <summary>The host as one that a server may go to; promises nothing.</summary>
    /// <param name="wish">What the server asks.</param>
    [Alias("consider")]
    Task<HostCandidate> ConsiderAsync(HostReservation wish);

    /// <summary>
    /// Frees the ports that a server had before its spec was changed: an update keeps them, because the process goes on with them until it ends.
    /// </summary>
    /// <param name="server">The server, of which no process with an older spec is left.</param>
    [Alias("settle-ports")]
    Task SettlePortsAsync(ServerId server);

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

    /// <summary>What the host's feed hears of it, every few seconds and when its status changes; kept in memory only.</summary>
    /// <param name="heard">What it hears.</param>
    /// <returns>The host with what is kept about it.</returns>
    [Alias("heard")]
    Task<HostSnapshot> OnHeardAsync(HostHearing heard);

    /// <summary>Replaces the host's labels.</summary>
    /// <param name="labels">key=value.</param>
    [Alias("set-labels")]
    Task<ServerResult> SetLabelsAsync(ImmutableSortedDictionary<string, string> labels);

    /// <summary>Lets no new server come here.</summary>
    /// <param name="note">Why, for the other operators; may be empty.</param>
    [Alias("begin-maintenance")]
    Task<ServerResult> BeginMaintenanceAsync(string note);

    /// <summary>Lets servers come here again.</summary>
    [Alias("end-maintenance")]
    Task<ServerResult> EndMaintenanceAsync();

    /// <summary>Changes how much more may be promised than there is.</summary>
    /// <param name="factors">The factors.</param>
    [Alias("set-over-commit")]
    Task<ServerResult> SetOverCommitAsync(OverCommit factors);

    /// <summary>Adds a pool of ports; refused when it overlaps another of the host, by name.</summary>
    /// <param name="pool">The pool.</param>
    [Alias("add-pool")]
    Task<ServerResult> AddPoolAsync(AllocationPool pool);

    /// <summary>Removes a pool of ports; refused as <see cref="ServerRefusal.PoolInUse"/> while servers hold some of them.</summary>
    /// <param name="pool">Its address and range.</param>
    [Alias("remove-pool")]
    Task<ServerResult> RemovePoolAsync(AllocationPool pool);

    /// <summary>Writes a note to a port of a pool, or one that a server holds; it goes when the server gives the port up.</summary>
    /// <param name="port">The port.</param>
    /// <param name="note">The note; empty for none.</param>
    [Alias("set-note")]
    Task<ServerResult> SetNoteAsync(Allocation port, string note);

    /// <summary>From now on nothing is promised here, until the removal has come to its end or the host is back.</summary>
    /// <returns>Accepted, or <see cref="ServerRefusal.NotStored"/>; then nothing was changed.</returns>
    [Alias("begin-removal")]
    Task<ServerResult> BeginRemovalAsync();

    /// <summary>The removal is over.</summary>
    /// <param name="isRemoved">Whether everything that is kept about the host is forgotten; else it stays as it was before.</param>
    [Alias("end-removal")]
    Task EndRemovalAsync(bool isRemoved);

    /// <summary>Every port that a server holds and every one that has a note, by address and port.</summary>
    [Alias("list-allocations")]
    Task<ImmutableArray<HeldAllocation>> ListAllocationsAsync();
}

/// <summary>A server in its host's list.</summary>
/// <param name="Id">The server.</param>
/// <param name="IsDeleted">Whether it is deleted and only its files are kept.</param>
[GenerateSerializer, Immutable, Alias("hosted-server")]
public sealed record HostedServer([property: Id(0)] ServerId Id, [property: Id(1)] bool IsDeleted)
{
    /// <summary>The ports that are held for it.</summary>
    [Id(2)]
    public ImmutableArray<Allocation> Ports { get; init; } = [];
}

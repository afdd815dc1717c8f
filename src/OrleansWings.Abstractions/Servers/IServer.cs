using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Usages;

namespace OrleansWings.Servers;

/// <summary>One server by its id alone, wherever it runs. What panel code and the dashboard use.</summary>
/// <remarks>What is asked of it throws for no expected failure: a host that is away is a refusal. What concerns the process answers
/// within about 4 s, a change of the wish (update, delete, restore) within 30 s. What is read throws what stands at it, and everything that is read
/// <see cref="StoreUnreachableException"/>, when no control process or no store answered for a while.</remarks>
public interface IServer
{
    /// <summary>The server.</summary>
    ServerId Id { get; }

    /// <summary>Starts it. Refused when it is not offline.</summary>
    Task<ServerResult> StartAsync();

    /// <summary>Stops it by its stop rule. Refused when it is offline or stopping already.</summary>
    Task<ServerResult> StopAsync();

    /// <summary>Stops it, then starts it; from offline just starts it.</summary>
    Task<ServerResult> RestartAsync();

    /// <summary>Kills its process, in any state.</summary>
    Task<ServerResult> KillAsync();

    /// <summary>Writes one line to its console.</summary>
    /// <param name="command">The line; refused with a line break in it or over <see cref="ServerCommand.MaxBytes"/> bytes.</param>
    Task<ServerResult> SendCommandAsync(string command);

    /// <summary>The last lines of its console as text.</summary>
    /// <param name="lines">How many, 1 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 line, or more than 10,000.</exception>
    /// <exception cref="UnknownServerException">No server has this id.</exception>
    /// <exception cref="HostUnreachableException">The server's host is away.</exception>
    /// <exception cref="TimeoutException">The server's host did not answer in time.</exception>
    Task<ImmutableArray<string>> ReadLogAsync(int lines);

    /// <summary>The server now; null when no server has this id. While its host is away: the last picture, marked as not confirmed.</summary>
    Task<ServerSnapshot?> GetSnapshotAsync();

    /// <summary>What was asked of it; null when no server has this id.</summary>
    Task<ServerSpec?> GetSpecAsync();

    /// <summary>The same with its version, for <see cref="UpdateAsync"/>; null when no server has this id.</summary>
    Task<VersionedSpec?> GetVersionedSpecAsync();

    /// <summary>The usage of the last ten minutes, oldest first; empty while its host is away.</summary>
    Task<ImmutableArray<UsageSample>> ReadUsageAsync();

    /// <summary>
    /// How many are connected to it now: the TCP connections from elsewhere that are open at its ports, 0 when it does not run. Null when that cannot be told: its
    /// game listens on UDP, which has no connections, its host is away or of an older version, or the kernel's files cannot be read there.
    /// </summary>
    Task<int?> CountPlayersAsync();

    /// <summary>What happened to it: at most <see cref="ServerEvent.Kept"/> events, the newest first; kept on its host, and null while that is away.</summary>
    Task<ImmutableArray<ServerEvent>?> ReadEventsAsync();

    /// <summary>
    /// Changes what is asked of it. Limits apply to the running container where its engine can, name, stop rule and what concerns crashes at once, all else at the next
    /// start: <see cref="ServerSnapshot.Waiting"/> names it.
    /// </summary>
    /// <param name="spec">The whole new spec.</param>
    /// <param name="expectedVersion">The version that was edited: refused with <see cref="ServerRefusal.Changed"/> when it is another now that asks for something else, so that it can be asked again; null for whatever it is.</param>
    Task<ServerResult> UpdateAsync(ServerSpec spec, long? expectedVersion = null);

    /// <summary>Deletes it: stopped, container removed, files kept in the trash for 7 days, ports freed.</summary>
    Task<ServerResult> DeleteAsync();

    /// <summary>Brings a deleted server back, offline, with its files.</summary>
    Task<ServerResult> RestoreAsync();

    /// <summary>
    /// Gives it to another host, where it is offline until somebody starts it. Refused while its host answers and runs it; the
    /// old host, when it comes back, ends its copy before anything else.
    /// </summary>
    /// <param name="host">The host that shall have it.</param>
    /// <param name="isRiskAccepted">
    /// Whether a person has read the warning: the files must be on storage that both hosts reach, and a host that is only cut off
    /// may still run the server and write the same files. False asks for the warning.
    /// </param>
    Task<ServerResult> ReassignAsync(HostId host, bool isRiskAccepted);

    /// <summary>Makes a record of a server that a host has and no record knows, as after the loss of the cluster's store.</summary>
    /// <param name="host">The host that has it.</param>
    Task<ServerResult> AdoptAsync(HostId host);

    /// <summary>
    /// Deletes a server that a host has and no record knows: as any other it is stopped, its container removed, its files kept in
    /// the trash for 7 days, from where it can be restored. Its ports are not asked for.
    /// </summary>
    /// <param name="host">The host that has it.</param>
    Task<ServerResult> RemoveUnclaimedAsync(HostId host);
}

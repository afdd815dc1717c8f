using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansWings.Consoles;
using OrleansWings.Usages;

namespace OrleansWings.Servers;

/// <summary>
/// A server on the silo of its host, and nowhere else. Key: server id. Calls fail with
/// <see cref="Hosts.HostUnreachableException"/> while that silo is away.
/// </summary>
/// <remarks>Panel code uses <see cref="IServer"/>, which turns failures of the way into refusals.</remarks>
[Alias("server")]
public interface IServerGrain : IGrainWithGuidKey
{
    /// <summary>Asks for a power action. Accepted means durably queued; the work goes on by itself.</summary>
    /// <param name="action">Start, stop, restart or kill. Kill always passes.</param>
    [Alias("power"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ServerResult> PowerAsync(PowerAction action);

    /// <summary>Writes one line to the process's console.</summary>
    /// <param name="command">The line, without a line break.</param>
    [Alias("send-command"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ServerResult> SendCommandAsync(string command);

    /// <summary>The last lines of the console as text.</summary>
    /// <param name="lines">How many, 1 to 10,000.</param>
    [Alias("read-log"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ImmutableArray<string>> ReadLogAsync(int lines);

    /// <summary>The server now.</summary>
    [Alias("snapshot"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ServerSnapshot> GetSnapshotAsync();

    /// <summary>Console records from the journal.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="maxBytes">About how much, at most 512 KiB.</param>
    [Alias("read-console"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ConsolePage> ReadConsoleAsync(ConsoleCursor from, int maxBytes);

    /// <summary>Asks the host to publish this console to its stream for a while; repeated while somebody watches.</summary>
    /// <param name="lease">How long, at most 2 minutes.</param>
    /// <returns>The place that the next new record will have.</returns>
    [Alias("publish-console"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ConsolePosition> PublishConsoleAsync(TimeSpan lease);

    /// <summary>The usage of the last ten minutes, oldest first.</summary>
    [Alias("read-usage"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ImmutableArray<UsageSample>> ReadUsageAsync();

    /// <summary>How many are connected to it. See <see cref="IServer.CountPlayersAsync"/>.</summary>
    [Alias("count-players"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<int?> CountPlayersAsync();

    /// <summary>What happened to it: the last <see cref="ServerEvent.Kept"/> events, the newest first.</summary>
    [Alias("read-events"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<ImmutableArray<ServerEvent>> ReadEventsAsync();

    /// <summary>Takes no start for a while: the server is about to be given to another host, and a start that was accepted would end with its copy here.</summary>
    /// <param name="time">How long, at most 2 minutes; zero to take them again.</param>
    /// <returns>Its power state once all that was asked before is decided.</returns>
    [Alias("hold-starts"), AlwaysInterleave, ResponseTimeout("00:00:03")]
    Task<PowerState> HoldStartsAsync(TimeSpan time);

    /// <summary>
    /// Tells the host what the record wants; older versions than the one it has are passed over. Repeated until a picture from
    /// the host has the version.
    /// </summary>
    /// <param name="assignment">The wish.</param>
    [Alias("apply"), OneWay]
    Task ApplyAsync(ServerAssignment assignment);
}

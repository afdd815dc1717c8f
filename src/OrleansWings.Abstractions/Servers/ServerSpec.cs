using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>
/// What a user asks of a server. Checked by <see cref="ServerSpecValidator"/>; a change applies at the next start, but for the name,
/// the stop rule, the restart after a crash and the start priority, which apply at once, and the limits, which are set on the running container.
/// </summary>
[GenerateSerializer, Immutable, Alias("server-spec")]
public sealed record ServerSpec
{
    /// <summary>The name people see: 1 to 80 printable characters. Need not be unique.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The image, as Docker names it. A leading "~" means "local only, never pull".</summary>
    [Id(1)]
    public required string Image { get; init; }

    /// <summary>The start-up command, given to the image's entrypoint as STARTUP. At most 16 KiB.</summary>
    [Id(2)]
    public required string Startup { get; init; }

    /// <summary>Replaces the container's own command. Default: empty, the image's entrypoint runs <see cref="Startup"/>.</summary>
    [Id(3)]
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>How the process is asked to stop. Default: SIGTERM.</summary>
    [Id(4)]
    public StopRule Stop { get; init; } = StopRule.Default;

    /// <summary>
    /// What the console says when the server is up: a plain text is looked for in each line, "regex:…" is a regular
    /// expression. Default: empty, the server is running as soon as its process is.
    /// </summary>
    [Id(5)]
    public ImmutableArray<string> DoneLines { get; init; } = [];

    /// <summary>The user's environment. Names of the platform (STARTUP, TZ, SERVER_…) are refused.</summary>
    [Id(6)]
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the container may use. Default: no limit but the number of processes.</summary>
    [Id(7)]
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Address and port pairs, TCP and UDP both; the first is the primary one (SERVER_IP, SERVER_PORT). Default: none.</summary>
    [Id(8)]
    public ImmutableArray<Allocation> Ports { get; init; } = [];

    /// <summary>Folders of the host seen in the container beside /home/container. Default: none.</summary>
    [Id(9)]
    public ImmutableArray<MountSpec> Mounts { get; init; } = [];

    /// <summary>The host to run on; refused when it is in maintenance or full. Default: null, one is chosen.</summary>
    [Id(10)]
    public HostId? Host { get; init; }

    /// <summary>The time zone given as TZ. Default: "UTC".</summary>
    [Id(11)]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>
    /// Whether a process that ended unasked is started again, once a minute at most. An exit with code 0 is taken for
    /// the game's own wish. Default: true.
    /// </summary>
    [Id(12)]
    public bool RestartOnCrash { get; init; } = true;

    /// <summary>Which server a host starts first when many wait, as after a power cut: higher goes first. -100 to 100; default: 0.</summary>
    [Id(40)]
    public int StartPriority { get; init; }

    /// <summary>Labels that its host must have, when one is chosen and when one is named. Default: none.</summary>
    [Id(13)]
    public ImmutableSortedDictionary<string, string> HostLabels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Which of the hosts that fit is chosen. Default: the one with the most left.</summary>
    [Id(14)]
    public ServerPlacement Placement { get; init; }

    /// <summary>
    /// How many ports it has in all: those that <see cref="Ports"/> does not name are given from the pools of its host, and
    /// are in <see cref="Ports"/> from then on. Default: 0, just those that are named.
    /// </summary>
    [Id(15)]
    public int PortCount { get; init; }

    /// <summary>
    /// Labels of the server: jobs select by them, and they are on its container for other programs on the host. At most 100; keys as Docker has them, and not of the platform's own
    /// ("orleanswings."). They come with every container that is made for it. Default: none.
    /// </summary>
    [Id(16)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// Whether what the server sends leaves from the address of its primary port, where a host has several; that address must then be one of
    /// IPv4 and not 0.0.0.0. Default: false, the host's own choice.
    /// </summary>
    [Id(17)]
    public bool IsOutgoingIpForced { get; init; }
}

using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>How this host runs its containers.</summary>
public sealed partial class DockerHostOptions
{
    /// <summary>User id of the processes in containers, and owner of their files. Default: 988.</summary>
    public int UserId { get; init; } = 988;

    /// <summary>Group id of the processes in containers. Default: 988.</summary>
    public int GroupId { get; init; } = 988;

    /// <summary>
    /// With a rootless engine: who the processes are inside, while their files stay this program's own. Default: null, they are
    /// <see cref="UserId"/> and <see cref="GroupId"/>.
    /// </summary>
    public (int User, int Group)? Rootless { get; init; }

    /// <summary>The network of all servers; a bridge of this name is made when missing, but for "host" and "none". Default: "orleanswings0".</summary>
    public string Network { get; init; } = "orleanswings0";

    /// <summary>The bridge's networks, at most one of IPv4 and one of IPv6; the first address of each is the gateway. Default: none, a free one of IPv4.</summary>
    public IReadOnlyList<IPNetwork> Subnets { get; init; } = [];

    /// <summary>The bridge's largest packet, in bytes. Default: 1,500.</summary>
    public int NetworkMtu { get; init; } = 1_500;

    /// <summary>Name servers that containers ask. Default: none, the engine's.</summary>
    public IReadOnlyList<IPAddress> Dns { get; init; } = [];

    /// <summary>The containers' domain name. Default: "".</summary>
    public string DomainName { get; init; } = "";

    /// <summary>Size of the memory disk on /tmp in MiB. Default: 100.</summary>
    public int TmpfsMiB { get; init; } = 100;

    /// <summary>The engine's log driver; one that cannot be read back loses what was said while this program was away. Default: "local".</summary>
    public string LogDriver { get; init; } = LogDefaults.Driver;

    /// <summary>Its options. Default: <see cref="LogDefaults.Options"/>.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = LogDefaults.Options;

    /// <summary>The engine's user namespace mode; "host" switches remapping off. Default: "", the engine's own.</summary>
    public string UsernsMode { get; init; } = "";

    /// <summary>Whether a small init process is the first in each container: it reaps what a game leaves behind. Default: false.</summary>
    public bool HasInit { get; init; }

    /// <summary>Whether each container has an /etc/machine-id of its server's own. Default: true.</summary>
    public bool HasMachineId { get; init; } = true;

    /// <summary>Whether each container has an /etc/passwd and an /etc/group with its user in them. Default: false, the image's.</summary>
    public bool HasUserFiles { get; init; }

    /// <summary>How long attach and start may take together. Default: 30 s, the seed's.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a start is tried while the engine is there but does not answer to what the start asks. Default: 2 min.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a deleted server's files are kept. Default: 7 days.</summary>
    public TimeSpan TrashAge { get; init; } = ServerTrash.Age;

    /// <summary>Folders of the host below which a server may mount something. Default: none.</summary>
    public IReadOnlyList<string> AllowedMounts { get; init; } = [];

    /// <summary>The file with the logins of image registries: see <see cref="Images.RegistryFile"/>. Default: null, none.</summary>
    public string? RegistriesFile { get; init; }

    /// <summary>How many servers may be on their way up at once. Default: <see cref="StartGate.DefaultAtOnce"/>.</summary>
    public int StartsAtOnce { get; init; } = StartGate.DefaultAtOnce;

    /// <summary>Who the processes in containers are: "uid:gid".</summary>
    internal string ContainerUser => string.Create(CultureInfo.InvariantCulture, $"{InContainer.User}:{InContainer.Group}");

    internal (int User, int Group) InContainer => Rootless ?? (UserId, GroupId);

    /// <summary>Who the processes in containers are on this machine, to whom their files are given; null with a rootless engine, whose are this program's own.</summary>
    /// <param name="engine">What the engine says of itself.</param>
    internal (int User, int Group)? OnMachine(EngineFacts? engine) => Rootless is not null ? null
        : UsernsMode != "host" && engine?.RemappedRoot is { } root ? (root.User + UserId, root.Group + GroupId) : (UserId, GroupId);

    /// <summary>
    /// The user that this process can give files to: only root can give them to another, so without it the containers run as the program's own.
    /// </summary>
    public static (int User, int Group) DefaultUser => Environment.IsPrivilegedProcess ? (988, 988) : (GetEffectiveUser(), GetEffectiveGroup());

    internal static DockerHostOptions OfThisProcess() => new() { UserId = DefaultUser.User, GroupId = DefaultUser.Group };

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial int GetEffectiveGroup();
}

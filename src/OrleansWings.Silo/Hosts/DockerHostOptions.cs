using System.Runtime.InteropServices;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>How this host runs its containers.</summary>
public sealed partial class DockerHostOptions
{
    /// <summary>User id of the processes in containers, and owner of their files. Default: 988.</summary>
    public int UserId { get; init; } = 988;

    /// <summary>Group id of the processes in containers. Default: 988.</summary>
    public int GroupId { get; init; } = 988;

    /// <summary>The bridge network of all servers, made when missing. Default: "orleanswings0".</summary>
    public string Network { get; init; } = "orleanswings0";

    /// <summary>Size of the memory disk on /tmp in MiB. Default: 100.</summary>
    public int TmpfsMiB { get; init; } = 100;

    /// <summary>How long attach and start may take together. Default: 30 s, the seed's.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a deleted server's files are kept. Default: 7 days.</summary>
    public TimeSpan TrashAge { get; init; } = ServerTrash.Age;

    /// <summary>Folders of the host below which a server may mount something. Default: none.</summary>
    public IReadOnlyList<string> AllowedMounts { get; init; } = [];

    /// <summary>
    /// The defaults that this process can keep: only root can give files to another user, so without it the containers run
    /// as the program's own.
    /// </summary>
    internal static DockerHostOptions OfThisProcess()
        => Environment.IsPrivilegedProcess ? new() : new() { UserId = GetEffectiveUser(), GroupId = GetEffectiveGroup() };

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial int GetEffectiveGroup();
}

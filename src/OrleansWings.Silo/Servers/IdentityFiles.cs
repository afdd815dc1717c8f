using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// Small files that tell a process who it is, as Pelican has them: its user's name and home for what looks them up, and a machine id that stays the
/// same over all its containers, for what is licensed by one.
/// </summary>
internal static class IdentityFiles
{
    private static readonly Lock s_writing = new();

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes what is set to be there, and says where it is mounted. A mount of the server's own at the same place goes before.</summary>
    public static ImmutableArray<BindMount> Ensure(ServerAssignment assignment, HostPaths paths, DockerHostOptions options)
    {
        var mounts = ImmutableArray.CreateBuilder<BindMount>();
        if (options.HasMachineId)
            Add("/etc/machine-id", Path.Combine(paths.Identity(assignment.Server), "machine-id"), MachineId(assignment.Server));
        if (options.HasUserFiles)
        {
            Add("/etc/passwd", Path.Combine(paths.IdentityFolder, "passwd"), Passwd(options));
            Add("/etc/group", Path.Combine(paths.IdentityFolder, "group"), Group(options));
        }

        return mounts.ToImmutable();

        void Add(string target, string path, string content)
        {
            if (assignment.Spec.Mounts.Any(mount => mount.Target == target))
                return;
            Write(path, content);
            mounts.Add(new BindMount(path, target, IsReadOnly: true));
        }
    }

    internal static string MachineId(ServerId server) => server.Value.ToString("N") + "\n";

    internal static string Passwd(DockerHostOptions options)
    {
        var (user, group) = options.InContainer;
        var container = FormattableString.Invariant($"container:x:{user}:{group}::/home/container:/bin/sh\n");
        return user == 0 ? container : "root:x:0:0::/root:/bin/sh\n" + container;
    }

    internal static string Group(DockerHostOptions options)
    {
        var group = options.InContainer.Group;
        return (group == 0 ? "" : "root:x:0:\n") + FormattableString.Invariant($"container:x:{group}:\n");
    }

    // A running container has the file that was there when it was made: one that differs is replaced, not rewritten.
    private static void Write(string path, string content)
    {
        lock (s_writing)
        {
            if (File.Exists(path) && File.ReadAllText(path) == content)
                return;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var fresh = path + ".new";
            File.WriteAllText(fresh, content);
            File.SetUnixFileMode(fresh, Readable);
            File.Move(fresh, path, overwrite: true);
        }
    }
}

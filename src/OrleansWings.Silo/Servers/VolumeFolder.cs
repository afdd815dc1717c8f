using System.Runtime.InteropServices;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Servers;

/// <summary>The folder that a server sees as /home/container.</summary>
internal static partial class VolumeFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder and gives it to the containers' user; each time, as the program may have died between the two.</summary>
    public static void Ensure(string path, DockerHostOptions options)
    {
        Directory.CreateDirectory(path, Owner);
        // What a game took from itself, and from us: its files are measured by reading the folder.
        if ((File.GetUnixFileMode(path) & Owner) != Owner)
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | Owner);
        // A rootless engine's containers write as this program's own user.
        if (options.Rootless is null && Chown(path, options.UserId, options.GroupId) != 0 && Environment.IsPrivilegedProcess)
            throw new IOException($"The folder {path} could not be given to user {options.UserId}.");
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, int owner, int group);
}

using System.Runtime.InteropServices;
using OrleansWings.Silo.Usages;

namespace OrleansWings.Silo.Servers;

/// <summary>The folder that a server sees as /home/container.</summary>
internal static partial class VolumeFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the folder and gives it to the containers' user; each time, as the program may have died between the two. Where it was another's (the setting or the engine's mapping of
    /// users was changed, or it was brought here) all that is in it is given too: the peer looks at every file before each start, which takes long.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="owner">Whose it is to be; null for this program's own.</param>
    /// <param name="onGiving">Called when there may be much to give.</param>
    /// <param name="cancellationToken">Ends it; the next time it is done anew.</param>
    /// <returns>False when some of what is in it could not be given: it is guarded, or lies over a hundred folders deep.</returns>
    /// <exception cref="IOException">The folder itself could not be given to them.</exception>
    public static async Task<bool> EnsureAsync(string path, (int User, int Group)? owner, Action? onGiving, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path, Owner);
        LetOwnerIn(path);
        if (owner is not var (user, group) || IsOf(path, user, group))
            return true;
        var areAllGiven = true;
        if (Environment.IsPrivilegedProcess && Directory.EnumerateFileSystemEntries(path).Any())
        {
            onGiving?.Invoke();
            var scan = await FolderScan.MeasureAsync(path, cancellationToken, owner).ConfigureAwait(false);
            areAllGiven = scan is { IsIncomplete: false, NotGiven: 0 };
        }

        // Last: it shows that all was gone through.
        if (Chown(path, user, group) != 0 && Environment.IsPrivilegedProcess)
            throw new IOException($"The folder {path} could not be given to user {user}.");
        return areAllGiven;
    }

    private static bool IsOf(string path, int user, int group) => FileCall.Look(path) is { } entry && (entry.User, entry.Group) == ((uint)user, (uint)group);

    /// <summary>Moves it, which takes the right to write in it. Within one file system: done or not done, whatever happens to the program.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public static void Move(string from, string to)
    {
        try
        {
            LetOwnerIn(from);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's: root needs no right, and the move says of everybody else that they may not.
        }

        Directory.Move(from, to);
    }

    /// <summary>Removes it and all that is in it; no link is followed.</summary>
    /// <exception cref="UnauthorizedAccessException">Something in it is another user's.</exception>
    /// <exception cref="IOException">Something in it cannot be removed.</exception>
    public static void Remove(string path)
    {
        if (!Directory.Exists(path))
            return;
        if (new DirectoryInfo(path).LinkTarget is null)
        {
            LetOwnerIn(path);
            FolderRemoval.Empty(path);
        }

        Directory.Delete(path);
    }

    // What a game took from itself, and from us: its files are measured, moved and removed through the folder.
    private static void LetOwnerIn(string path)
    {
        if ((File.GetUnixFileMode(path) & Owner) != Owner)
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | Owner);
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, int owner, int group);
}

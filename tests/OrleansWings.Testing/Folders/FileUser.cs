using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OrleansWings.Testing.Folders;

/// <summary>Until it is disposed of, this thread has another user's rights on files, and none of root's. Do not await meanwhile.</summary>
public sealed partial class FileUser : IDisposable
{
    /// <summary>Gives a folder with all that is in it to a user, and becomes that one.</summary>
    /// <exception cref="Win32Exception">Something could not be given away: only root can.</exception>
    public FileUser(int user, string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            if (Chown(entry, user, user) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), entry);
        }

        // It answers with who one was before, also when it did nothing.
        _ = SetFileUser(user);
        if (SetFileUser(user) != user)
            throw new Win32Exception($"This thread could not become user {user}.");
    }

    public void Dispose() => _ = SetFileUser(0);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, int owner, int group);

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(int user);
}

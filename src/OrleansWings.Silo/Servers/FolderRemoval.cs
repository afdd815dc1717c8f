using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using OrleansWings.Silo.Usages;

namespace OrleansWings.Silo.Servers;

/// <summary>
/// Removes what is in a folder by open folders instead of by paths: a game may have given its files names that are no text, nested them deeper than a
/// path can be long, or taken its own rights on them. No link is followed.
/// </summary>
internal sealed class FolderRemoval : IDisposable
{
    // An open folder for each level; what lies deeper is moved up first.
    private const int MaxDepth = 64;

    private readonly string _path;
    private readonly int _top;

    private FolderRemoval(string path) => (_path, _top) = (path, FileCall.Open(path));

    /// <summary>Empties the folder.</summary>
    /// <param name="path">It; not a link.</param>
    /// <exception cref="UnauthorizedAccessException">Something in it is another user's.</exception>
    /// <exception cref="IOException">Something in it cannot be removed.</exception>
    public static void Empty(string path)
    {
        using var removal = new FolderRemoval(path);
        removal.Opened(removal._top, ".\0"u8);
        // Once more for what was moved up meanwhile; opened anew, as one that was read goes on at its end.
        while (removal.RemoveAll(removal.Opened(FileCall.Open(removal._top, ".\0"u8), ".\0"u8), 1))
        {
        }
    }

    public void Dispose()
    {
        if (_top >= 0)
            _ = FileCall.Close(_top);
    }

    // Whether there was anything. The kernel goes on where it was when what it has named is removed.
    private bool RemoveAll(int folder, int depth)
    {
        using var open = new OpenFolder(folder);
        var hadSome = false;
        bool isReadable;
        for (; open.MoveNext(out isReadable); hadSome = true)
            Remove(open.Handle, open.Name, depth);
        return isReadable ? hadSome : throw Failed("read", ".\0"u8);
    }

    private void Remove(int folder, ReadOnlySpan<byte> name, int depth)
    {
        if (FileCall.Unlink(folder, name, isFolder: false))
            return;
        const int noEntry = 2;
        var error = Marshal.GetLastPInvokeError();
        if (error == noEntry)
            return;
        if (FileCall.Look(folder, name) is not { IsFolder: true })
            throw Failed("removed", name, error);
        FileCall.LetOwnerIn(folder, name);
        if (depth == MaxDepth)
        {
            if (!FileCall.Rename(folder, name, _top, Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}\0")))
                throw Failed("moved", name);
            return;
        }

        RemoveAll(Opened(FileCall.Open(folder, name), name), depth + 1);
        if (!FileCall.Unlink(folder, name, isFolder: true))
            throw Failed("removed", name);
    }

    private int Opened(int folder, ReadOnlySpan<byte> name) => folder >= 0 ? folder : throw Failed("opened", name);

    private Exception Failed(string done, ReadOnlySpan<byte> name) => Failed(done, name, Marshal.GetLastPInvokeError());

    private Exception Failed(string done, ReadOnlySpan<byte> name, int error)
    {
        const int notPermitted = 1, accessDenied = 13;
        var text = $"{Encoding.UTF8.GetString(name[..^1])} in {_path} could not be {done}: {new Win32Exception(error).Message}.";
        return error is notPermitted or accessDenied ? new UnauthorizedAccessException(text) : new IOException(text);
    }
}

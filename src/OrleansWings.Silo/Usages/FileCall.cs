using System.Runtime.InteropServices;
using System.Text;

namespace OrleansWings.Silo.Usages;

/// <summary>
/// The kernel's calls that walk a folder by open folders instead of by paths: no link that is put in the way leads elsewhere, no path gets too
/// long, and names are bytes, whatever a game calls its files.
/// </summary>
internal static unsafe partial class FileCall
{
    private const int CurrentFolder = -100;
    private const int RemoveFolder = 0x200;
    private const uint OwnersOnly = 0x1C0;
    private const int NotThroughLinks = 0x100;
    private const int CloseOnExec = 0x80000;
    private const int NoAccessTime = 0x40000;
    private const uint WantedFields = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100 | 0x400;

    // The two numbers that differ between processors.
    private static readonly int s_openFolder = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64
        ? 0x4000 | 0x8000
        : 0x10000 | 0x20000;

    /// <summary>Opens a folder by its path, or -1.</summary>
    public static int Open(string path) => Open(CurrentFolder, ToName(path));

    /// <summary>Opens a folder within a folder, or -1: also of a link.</summary>
    /// <param name="folder">The open folder.</param>
    /// <param name="name">Its name, with a zero at its end.</param>
    public static int Open(int folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name)
        {
            // The access time of others' files may be kept only by root and the owner.
            var flags = s_openFolder | CloseOnExec;
            var opened = OpenAt(folder, start, flags | NoAccessTime, 0);
            return opened >= 0 ? opened : OpenAt(folder, start, flags, 0);
        }
    }

    /// <summary>What an entry of a folder is and takes; null when it is gone or cannot be read.</summary>
    public static FileEntry? Look(int folder, ReadOnlySpan<byte> name)
    {
        var answer = stackalloc byte[256];
        fixed (byte* start = name)
        {
            if (StatX(folder, start, NotThroughLinks, WantedFields, answer) != 0)
                return null;
        }

        var isFolder = (*(ushort*)(answer + 28) & 0xF000) == 0x4000;
        var device = ((ulong)*(uint*)(answer + 136) << 32) | *(uint*)(answer + 140);
        return new FileEntry(isFolder, *(uint*)(answer + 16), *(ulong*)(answer + 32), device, *(long*)(answer + 48) * 512) { User = *(uint*)(answer + 20), Group = *(uint*)(answer + 24) };
    }

    /// <summary>Gives an entry of a folder to somebody; a link itself, never what it leads to. False where that is not allowed, or it is gone.</summary>
    public static bool Give(int folder, ReadOnlySpan<byte> name, int user, int group)
    {
        fixed (byte* start = name)
            return ChangeOwner(folder, start, user, group, NotThroughLinks) == 0;
    }

    /// <summary>Removes an entry of a folder; a folder only when it is empty and said to be one.</summary>
    public static bool Unlink(int folder, ReadOnlySpan<byte> name, bool isFolder)
    {
        fixed (byte* start = name)
            return UnlinkAt(folder, start, isFolder ? RemoveFolder : 0) == 0;
    }

    /// <summary>Moves an entry of a folder into another one of the same disk.</summary>
    public static bool Rename(int folder, ReadOnlySpan<byte> name, int toFolder, ReadOnlySpan<byte> newName)
    {
        fixed (byte* start = name, newStart = newName)
            return RenameAt(folder, start, toFolder, newStart) == 0;
    }

    /// <summary>Lets the owner of a folder within a folder read, write and pass it; not to be asked of a link, which it would follow.</summary>
    public static bool LetOwnerIn(int folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name)
            return ChangeMode(folder, start, OwnersOnly, 0) == 0;
    }

    /// <summary>The same of a path; of a link it is the link itself.</summary>
    public static FileEntry? Look(string path) => Look(CurrentFolder, ToName(path));

    /// <summary>Reads the next entries of an open folder; 0 at its end, negative when it cannot be read.</summary>
    public static int ReadEntries(int folder, byte[] buffer)
    {
        fixed (byte* start = buffer)
            return (int)GetEntries(folder, start, (nuint)buffer.Length);
    }

    private static byte[] ToName(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int folder);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int folder, byte* name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(int folder, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(int folder, byte* name, int toFolder, byte* newName);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int ChangeMode(int folder, byte* name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat")]
    private static partial int ChangeOwner(int folder, byte* name, int user, int group, int flags);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatX(int folder, byte* name, int flags, uint fields, byte* answer);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetEntries(int folder, byte* buffer, nuint size);
}

/// <summary>An entry of a folder.</summary>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Inode">What it is, among all of its device.</param>
/// <param name="Device">The disk it is on.</param>
/// <param name="Bytes">What it takes on the disk.</param>
internal readonly record struct FileEntry(bool IsFolder, uint Links, ulong Inode, ulong Device, long Bytes)
{
    /// <summary>Whose it is.</summary>
    public uint User { get; init; }

    /// <summary>And of which group.</summary>
    public uint Group { get; init; }
}

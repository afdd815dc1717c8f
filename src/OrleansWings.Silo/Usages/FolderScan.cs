using System.Diagnostics;

namespace OrleansWings.Silo.Usages;

/// <summary>
/// Adds up what a folder takes on its disk, in steps as short as wanted: blocks, so a file with holes counts what it takes; each file once,
/// however many names it has; nothing of other disks; no link is followed.
/// </summary>
internal sealed class FolderScan : IDisposable
{
    // An open folder for each level. Nobody's world is nested so deep.
    private const int MaxDepth = 100;

    private readonly Stack<OpenFolder> _levels = new();
    private readonly HashSet<ulong> _shared = [];
    private readonly ulong _device;
    private readonly (int User, int Group)? _owner;

    // At once in this process: each holds a thread and reads the disk, and after a power cut every server starts. A turn is short, so that a
    // folder of millions of files holds up no other.
    private const int MeasuredAtOnce = 2;
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(20);
    private static readonly SemaphoreSlim s_measuring = new(MeasuredAtOnce);

    // An open scan holds an open folder for each level.
    private const int OpenAtOnce = 32;
    private static readonly SemaphoreSlim s_open = new(OpenAtOnce);

    // More files with several names than this are counted once for each: they would take this program's memory.
    private const int MaxShared = 1_000_000;

    /// <summary>Begins; one that is not there, or is a link, takes nothing.</summary>
    /// <param name="folder">Which.</param>
    /// <param name="owner">To whom all that is in it is given on the way; not the folder itself. Null: it is only looked at.</param>
    public FolderScan(string folder, (int User, int Group)? owner = null)
    {
        _owner = owner;
        var opened = FileCall.Open(folder);
        if (opened < 0)
        {
            IsIncomplete = IsUnreadable = Path.Exists(folder) && new FileInfo(folder).LinkTarget is null;
            return;
        }

        if (FileCall.Look(opened, ".\0"u8) is { } root)
            (_device, Bytes) = (root.Device, root.Bytes);
        _levels.Push(new OpenFolder(opened));
    }

    /// <summary>What was found so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many entries were looked at.</summary>
    public long Entries { get; private set; }

    /// <summary>How many entries could not be given to their owner.</summary>
    public long NotGiven { get; private set; }

    /// <summary>Whether something lies so deep, or is so guarded, that it is not in the sum.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Whether the folder is there and cannot be opened at all: then nothing is known of it.</summary>
    public bool IsUnreadable { get; }

    public bool IsDone => _levels.Count == 0;

    /// <summary>Measures in turns with all others that are measured now.</summary>
    /// <returns>The scan, done.</returns>
    public static async Task<FolderScan> MeasureAsync(string folder, CancellationToken cancellationToken, (int User, int Group)? owner = null)
    {
        await s_open.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await MeasureInTurnsAsync(folder, owner, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            s_open.Release();
        }
    }

    private static async Task<FolderScan> MeasureInTurnsAsync(string folder, (int User, int Group)? owner, CancellationToken cancellationToken)
    {
        using var scan = new FolderScan(folder, owner);
        while (!scan.IsDone)
        {
            // Who waits longest is next.
            await s_measuring.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await Task.Run(() => scan.Step(s_turn), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                s_measuring.Release();
            }
        }

        return scan;
    }

    /// <summary>Goes on for about so long.</summary>
    public void Step(TimeSpan share)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 1; _levels.TryPeek(out var level); i++)
        {
            if (!level.MoveNext(out var isReadable))
            {
                // One that was removed since it was opened has no names left.
                IsIncomplete |= !isReadable && FileCall.Look(level.Handle, ".\0"u8) is not { Links: 0 };
                _levels.Pop().Dispose();
            }
            else
            {
                Add(level.Handle, level.Name);
            }

            if (i % 64 == 0 && Stopwatch.GetElapsedTime(began) >= share)
                return;
        }
    }

    public void Dispose()
    {
        while (_levels.TryPop(out var level))
            level.Dispose();
    }

    private void Add(int folder, ReadOnlySpan<byte> name)
    {
        Entries++;
        // One that is gone by now takes nothing.
        if (FileCall.Look(folder, name) is not { } entry || entry.Device != _device)
            return;
        if (_owner is var (user, group) && (entry.User, entry.Group) != ((uint)user, (uint)group))
            NotGiven += FileCall.Give(folder, name, user, group) || FileCall.Look(folder, name) is null ? 0 : 1;
        // What takes nothing may be counted twice: remembered, a game with millions of empty files would take this program's memory.
        if (!entry.IsFolder && entry.Links > 1 && entry.Bytes > 0 && _shared.Count < MaxShared && !_shared.Add(entry.Inode))
            return;
        Bytes += entry.Bytes;
        if (!entry.IsFolder)
            return;
        var opened = _levels.Count < MaxDepth ? FileCall.Open(folder, name) : -1;
        if (opened < 0)
            IsIncomplete |= FileCall.Look(folder, name) is { IsFolder: true };
        else
            _levels.Push(new OpenFolder(opened));
    }
}

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
    private const int EntriesSize = 32 * 1024;
    private const int NameOffset = 19;

    private readonly Stack<Level> _levels = new();
    private readonly HashSet<ulong> _shared = [];
    private readonly ulong _device;

    // At once in this process: each holds a thread and reads the disk, and after a power cut every server starts.
    private const int MeasuredAtOnce = 2;
    private static readonly SemaphoreSlim s_measuring = new(MeasuredAtOnce);

    /// <summary>Begins; one that is not there, or is a link, takes nothing.</summary>
    public FolderScan(string folder)
    {
        var opened = FileCall.Open(folder);
        if (opened < 0)
        {
            IsIncomplete = IsUnreadable = Path.Exists(folder) && new FileInfo(folder).LinkTarget is null;
            return;
        }

        if (FileCall.Look(opened, ".\0"u8) is { } root)
            (_device, Bytes) = (root.Device, root.Bytes);
        _levels.Push(new Level(opened));
    }

    /// <summary>What was found so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many entries were looked at.</summary>
    public long Entries { get; private set; }

    /// <summary>Whether something lies so deep, or is so guarded, that it is not in the sum.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Whether the folder is there and cannot be opened at all: then nothing is known of it.</summary>
    public bool IsUnreadable { get; }

    public bool IsDone => _levels.Count == 0;

    /// <summary>Measures when it is its turn, then as fast as it goes.</summary>
    /// <returns>The scan, done.</returns>
    public static async Task<FolderScan> MeasureAsync(string folder, CancellationToken cancellationToken)
    {
        await s_measuring.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Measure(folder, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            s_measuring.Release();
        }
    }

    private static FolderScan Measure(string folder, CancellationToken cancellationToken)
    {
        using var scan = new FolderScan(folder);
        while (!scan.IsDone)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scan.Step(TimeSpan.FromMilliseconds(20));
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
                IsIncomplete |= !isReadable && FileCall.Look(level.Folder, ".\0"u8) is not { Links: 0 };
                _levels.Pop().Dispose();
            }
            else
            {
                Add(level.Folder, level.Name);
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
        if (name is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0])
            return;
        Entries++;
        // One that is gone by now takes nothing.
        if (FileCall.Look(folder, name) is not { } entry || entry.Device != _device)
            return;
        // What takes nothing may be counted twice: remembered, a game with millions of empty files would take this program's memory.
        if (!entry.IsFolder && entry.Links > 1 && entry.Bytes > 0 && !_shared.Add(entry.Inode))
            return;
        Bytes += entry.Bytes;
        if (!entry.IsFolder)
            return;
        var opened = _levels.Count < MaxDepth ? FileCall.Open(folder, name) : -1;
        if (opened < 0)
            IsIncomplete |= FileCall.Look(folder, name) is { IsFolder: true };
        else
            _levels.Push(new Level(opened));
    }

    /// <summary>An open folder and its entries that were read and not yet taken.</summary>
    private sealed class Level(int folder) : IDisposable
    {
        private readonly byte[] _entries = new byte[EntriesSize];
        private int _next;
        private int _end;
        private int _name;

        public int Folder => folder;

        /// <summary>The present entry's name, with the zero at its end.</summary>
        public ReadOnlySpan<byte> Name
        {
            get
            {
                var rest = _entries.AsSpan(_name, _next - _name);
                return rest[..(rest.IndexOf((byte)0) + 1)];
            }
        }

        public bool MoveNext(out bool isReadable)
        {
            isReadable = true;
            if (_next >= _end)
            {
                (_next, _end) = (0, FileCall.ReadEntries(folder, _entries));
                isReadable = _end >= 0;
                if (_end <= 0)
                    return false;
            }

            _name = _next + NameOffset;
            _next += BitConverter.ToUInt16(_entries, _next + 16);
            return true;
        }

        public void Dispose() => FileCall.Close(folder);
    }
}

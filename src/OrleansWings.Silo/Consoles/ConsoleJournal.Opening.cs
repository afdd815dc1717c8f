using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

internal sealed partial class ConsoleJournal
{
    private const ConsoleFlags KnownFlags = ConsoleFlags.Partial | ConsoleFlags.Cut | ConsoleFlags.Gap;

    /// <summary>The number of the last run in a journal's folder; 0 when there is none.</summary>
    public static int LastRunIn(string folder)
    {
        try
        {
            return !Directory.Exists(folder) ? 0
                : Directory.EnumerateDirectories(folder).Max(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : (int?)0) ?? 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private void ListRuns()
    {
        try
        {
            if (!Directory.Exists(_folder))
                return;
            var runs = new List<int>();
            foreach (var path in Directory.EnumerateFileSystemEntries(_folder))
            {
                var name = Path.GetFileName(path);
                if (Directory.Exists(path)
                    && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var run)
                    && run >= ConsolePosition.Start.Run
                    && name == run.ToString(CultureInfo.InvariantCulture))
                    runs.Add(run);
                else
                    LogAlien(path);
            }

            runs.Sort();
            foreach (var run in runs)
                ListSegments(run);
            _total = _segments.Sum(s => s.Size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRead(_folder, exception);
        }
    }

    private void ListSegments(int run)
    {
        var found = new List<JournalSegment>();
        foreach (var file in new DirectoryInfo(JournalSegment.FolderOf(_folder, run)).EnumerateFileSystemInfos())
        {
            if (file is FileInfo { LinkTarget: null } info && JournalSegment.TryParse(info.Name, out var first))
                found.Add(new JournalSegment(run, first) { Size = info.Length });
            else
                LogAlien(file.FullName);
        }

        found.Sort((a, b) => a.First.CompareTo(b.First));
        _segments.AddRange(found);
    }

    // Numbers go on after what the run's newest file holds, and never come twice: viewers have seen them.
    private void OpenRun(int run)
    {
        var sequence = ConsolePosition.Start.Sequence;
        if (_segments.Count > 0 && _segments[^1] is var newest && newest.Run == run)
            sequence = newest.End ?? Recover(newest);
        lock (_gate)
            _head = new ConsolePosition(run, sequence);
    }

    private long Recover(JournalSegment newest)
    {
        var path = newest.PathIn(_folder);
        try
        {
            var scan = newest.Scan(_folder);
            lock (_gate)
                newest.Found(scan);
            if (scan.Rest == 0)
                return scan.End;
            using var file = JournalSegment.Open(path, FileMode.Open, FileAccess.ReadWrite);
            if (IsTorn(file, scan.Length, scan.Rest))
            {
                RandomAccess.SetLength(file, scan.Length);
                _total -= scan.Rest;
                newest.Size = scan.Length;
                LogTorn(path, scan.Rest);
                return scan.End;
            }

            LogCorrupt(path, scan.End, scan.Rest);
            return scan.End + MostRecordsIn(scan.Rest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRead(path, exception);
            return (newest.End ?? newest.First) + MostRecordsIn(newest.Size);
        }
    }

    private static long MostRecordsIn(long bytes) => bytes / ConsoleRecordCodec.Overhead + 1;

    // A write that was cut off leaves the beginning of a sound record and nothing after it; all else is damage, which we leave alone.
    private static bool IsTorn(SafeFileHandle file, long offset, long rest)
    {
        if (rest >= ConsoleRecordCodec.Overhead + ConsoleRecordCodec.MaxPayload)
            return false;
        var start = new byte[6];
        var read = RandomAccess.Read(file, start, offset);
        var payload = BinaryPrimitives.ReadInt32LittleEndian(start);
        return payload is >= 0 and <= ConsoleRecordCodec.MaxPayload
            && (read <= 4 || ((ConsoleFlags)start[4] & ~KnownFlags) == 0)
            && (read <= 5 || Enum.IsDefined((ConsoleSource)start[5]))
            && rest < ConsoleRecordCodec.Overhead + payload;
    }

    // A run with a higher number than the one told to us is not ours, or our host's ledger was put back to an older state.
    private void SetAsideRunsAfter(int run)
    {
        while (_segments.Count > 0 && _segments[^1].Run > run)
        {
            LogAlien(_segments[^1].PathIn(_folder));
            _total -= _segments[^1].Size;
            lock (_gate)
                _segments.RemoveAt(_segments.Count - 1);
        }
    }
}

using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using OrleansWings.Consoles;

namespace OrleansWings.Silo.Consoles;

/// <summary>What a look into a journal's file found.</summary>
/// <param name="End">The number after the last sound record.</param>
/// <param name="Length">Their bytes.</param>
/// <param name="Rest">How many bytes follow that are not sound.</param>
/// <param name="Index">Where records begin, now and then.</param>
internal sealed record JournalScan(long End, long Length, long Rest, List<(long Sequence, long Offset)> Index);

/// <summary>
/// One file of a journal. Its length and end are what has been written whole; a reader never looks beyond. Changed under
/// the journal's gate.
/// </summary>
internal sealed class JournalSegment(int run, long first)
{
    private const string Extension = ".log";

    // A number beyond it is no journal of ours, and leaves room to count on.
    private const long MaxFirst = 1_000_000_000_000_000;

    private List<(long Sequence, long Offset)>? _index;
    private (long Sequence, long Offset) _lastRead = (first, 0);

    public int Run { get; } = run;

    public long First { get; } = first;

    /// <summary>Bytes that hold sound records; 0 until somebody has looked.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes on disk, damaged ones too.</summary>
    public long Size { get; set; }

    /// <summary>The number after its last record; null until somebody has looked.</summary>
    public long? End { get; private set; }

    public static JournalSegment New(int run, long first) => new(run, first) { End = first };

    public static bool TryParse(string fileName, out long first)
    {
        first = 0;
        return fileName.Length == 20 + Extension.Length
            && fileName.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(fileName.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && first is >= 1 and <= MaxFirst;
    }

    public string PathIn(string folder) => Path.Combine(FolderOf(folder, Run), string.Create(CultureInfo.InvariantCulture, $"{First:D20}{Extension}"));

    public static string FolderOf(string folder, int run) => Path.Combine(folder, run.ToString(CultureInfo.InvariantCulture));

    // FileShare says ReadWrite everywhere: .NET's advisory locks would keep readers out.
    public static SafeFileHandle Open(string path, FileMode mode, FileAccess access)
        => File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Takes over what was just written at the end.</summary>
    public void Appended(int count, int bytes, IReadOnlyList<(int Count, int Offset)> marks)
    {
        var index = _index ??= [];
        if (Length - (index.Count == 0 ? 0 : index[^1].Offset) >= RecordBuffer.MarkDistance)
            index.Add((End!.Value, Length));
        foreach (var (before, offset) in marks)
            index.Add((End!.Value + before, Length + offset));
        Length += bytes;
        Size = Length;
        End += count;
    }

    /// <summary>Looks how many sound records the file holds. For files that nobody writes any more.</summary>
    public JournalScan Scan(string folder)
    {
        using var file = Open(PathIn(folder), FileMode.Open, FileAccess.Read);
        var fileLength = RandomAccess.GetLength(file);
        var (end, offset, index) = (First, 0L, new List<(long, long)>());
        var nextMark = (long)RecordBuffer.MarkDistance;
        foreach (var size in SoundSizes(file, fileLength))
        {
            if (offset >= nextMark)
            {
                index.Add((end, offset));
                nextMark = offset + RecordBuffer.MarkDistance;
            }

            offset += size;
            end++;
        }

        return new JournalScan(end, offset, fileLength - offset, index);
    }

    /// <summary>Takes over what a scan found.</summary>
    public void Found(JournalScan scan)
    {
        if (End is not null)
            return;
        (End, Length, _index) = (scan.End, scan.Length, scan.Index);
    }

    /// <summary>The nearest known place at or before a record.</summary>
    public (long Sequence, long Offset) Seek(long sequence)
    {
        var best = (Sequence: First, Offset: 0L);
        if (_index is { Count: > 0 } index)
        {
            var (low, high) = (0, index.Count - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (index[middle].Sequence <= sequence)
                    (best, low) = (index[middle], middle + 1);
                else
                    high = middle - 1;
            }
        }

        // A viewer at the end asks for the next record again and again.
        return _lastRead.Sequence <= sequence && _lastRead.Sequence > best.Sequence ? _lastRead : best;
    }

    /// <summary>Remembers where a read ended.</summary>
    public void Remember(long sequence, long offset) => _lastRead = (sequence, offset);

    private static IEnumerable<int> SoundSizes(SafeFileHandle file, long fileLength)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(fileLength, 4 * ConsoleRecordCodec.MaxPayload));
        try
        {
            var (offset, held) = (0L, 0);
            while (true)
            {
                var read = held < buffer.Length && offset < fileLength ? RandomAccess.Read(file, buffer.AsSpan(held), offset) : 0;
                offset += read;
                held += read;
                var used = 0;
                while (ConsoleRecordCodec.SizeOfSound(buffer.AsSpan(used, held - used)) is var size and > 0)
                {
                    used += size;
                    yield return size;
                }

                if (used == 0 && (read == 0 || held == buffer.Length))
                    yield break;
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

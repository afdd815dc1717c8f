using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Usages;

namespace OrleansWings.Silo.Servers;

/// <summary>The disk limit: what the server's files take is measured from outside, and at each start.</summary>
public sealed partial class PowerWorker
{
    private readonly Lock _filesLock = new();
    private long? _filesBytes;
    private int _measuring;
    private int _measured;
    private bool _isWarnedOfFiles;
    private bool _areFilesIncomplete;

    /// <summary>What the server's files took on the disk when they were last measured, in bytes; null before they were.</summary>
    internal long? FilesBytes
    {
        get
        {
            lock (_filesLock)
                return _filesBytes;
        }
    }

    /// <summary>Whether some of its files could not be counted when they were last measured.</summary>
    internal bool AreFilesIncomplete
    {
        get
        {
            lock (_filesLock)
                return _areFilesIncomplete;
        }
    }

    /// <summary>Before a measurement: of two that overlap the one that was begun later counts.</summary>
    internal int BeginMeasuring() => Interlocked.Increment(ref _measuring);

    /// <summary>Takes a measurement; warns and stops as <see cref="DiskRule"/> says.</summary>
    internal void TakeFiles(int measuring, FolderScan scan)
    {
        var state = State;
        var limit = state.Assignment.Spec.Limits.DiskMiB;
        bool isWarningDue, isNews, isNewlyIncomplete;
        long bytes;
        lock (_filesLock)
        {
            if (measuring < _measured)
                return;
            isNewlyIncomplete = scan.IsIncomplete && !_areFilesIncomplete;
            _areFilesIncomplete = scan.IsIncomplete;
            // Of a folder that cannot be opened nothing is known: what was known before stays.
            var known = scan.IsUnreadable ? _filesBytes : scan.Bytes;
            isNews = _filesBytes != known;
            (_measured, _filesBytes, bytes) = (measuring, known, known ?? 0);
            (isWarningDue, _isWarnedOfFiles) = DiskRule.Warn(bytes, limit, _isWarnedOfFiles);
        }

        if (isNewlyIncomplete && limit > 0 && state.HasProcess)
            Console.WriteWings(DiskRule.Incomplete);
        if (DiskRule.IsFull(bytes, limit))
            Post(new PowerInput.DiskFull(state.Run, DiskRule.DescribeFull(bytes, limit)));
        else if (isWarningDue && state.HasProcess)
            Console.WriteWings($"{DiskRule.Describe(bytes, limit)}. When they reach the limit the server is stopped.");
        // Of one that runs the usage samples tell, where there are any.
        if (isNews && (!state.HasProcess || _host.Watch.Facts is { CgroupDriver: "none" }))
            Announce();
    }

    // The number may be old: somebody may have made room just for this start.
    private async Task CheckDiskAsync(long limitMiB, CancellationToken cancellationToken)
    {
        if (limitMiB == 0)
            return;
        SetActivity("Measuring the server's files.", null);
        var measuring = BeginMeasuring();
        var scan = await FolderScan.MeasureAsync(_host.Paths.Volume(Id), cancellationToken).ConfigureAwait(false);
        TakeFiles(measuring, scan);
        if (scan.IsUnreadable)
            throw new EngineException($"The folder {_host.Paths.Volume(Id)} cannot be read, so it is not known whether the server's files are within its disk limit.");
        if (DiskRule.IsFull(scan.Bytes, limitMiB))
            throw new EngineException($"{DiskRule.DescribeFull(scan.Bytes, limitMiB)} Remove files, or raise the limit.");
        if (scan.IsIncomplete)
            throw new EngineException($"Folders in {_host.Paths.Volume(Id)} cannot be read or are nested over a hundred deep, so it is not known whether the server's files are within its disk limit. Make them readable, remove them, or take the limit away.");
    }
}

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

    /// <summary>What the server's files took on the disk when they were last measured, in bytes; null before they were.</summary>
    internal long? FilesBytes
    {
        get
        {
            lock (_filesLock)
                return _filesBytes;
        }
    }

    /// <summary>Before a measurement: of two that overlap the one that was begun later counts.</summary>
    internal int BeginMeasuring() => Interlocked.Increment(ref _measuring);

    /// <summary>Takes a measurement; warns and stops as <see cref="DiskRule"/> says.</summary>
    internal void TakeFiles(int measuring, long bytes)
    {
        var state = State;
        var limit = state.Assignment.Spec.Limits.DiskMiB;
        bool isWarningDue, isNews;
        lock (_filesLock)
        {
            if (measuring < _measured)
                return;
            isNews = _filesBytes != bytes;
            (_measured, _filesBytes) = (measuring, bytes);
            (isWarningDue, _isWarnedOfFiles) = DiskRule.Warn(bytes, limit, _isWarnedOfFiles);
        }

        if (DiskRule.IsFull(bytes, limit))
            Post(new PowerInput.DiskFull(state.Run, DiskRule.DescribeFull(bytes, limit)));
        else if (isWarningDue && state.HasProcess)
            Console.WriteWings($"{DiskRule.Describe(bytes, limit)}. When they reach the limit the server is stopped.");
        // Of one that runs the usage samples tell.
        if (isNews && !state.HasProcess)
            Announce();
    }

    // The number may be old: somebody may have made room just for this start.
    private async Task CheckDiskAsync(long limitMiB, CancellationToken cancellationToken)
    {
        if (limitMiB == 0)
            return;
        SetActivity("Measuring the server's files.", null);
        var measuring = BeginMeasuring();
        if (await FolderScan.MeasureAsync(_host.Paths.Volume(Id), cancellationToken).ConfigureAwait(false) is not { } bytes)
            throw new EngineException($"The folder {_host.Paths.Volume(Id)} cannot be read, so it is not known whether the server's files are within its disk limit.");
        TakeFiles(measuring, bytes);
        if (DiskRule.IsFull(bytes, limitMiB))
            throw new EngineException($"{DiskRule.DescribeFull(bytes, limitMiB)} Remove files, or raise the limit.");
    }
}

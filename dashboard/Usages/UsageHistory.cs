using OrleansWings.Usages;

namespace OrleansWings.Dashboard.Usages;

/// <summary>One moment of a server's charts. Rates are in bytes per second; NaN where none can be told.</summary>
public readonly record struct UsagePoint(
    DateTimeOffset At, double CpuPercent, double MemoryBytes, double MemoryLimitBytes,
    double NetworkRx, double NetworkTx, double DiskRead, double DiskWrite)
{
    /// <summary>Nothing is known of this moment: the line is broken here.</summary>
    public static UsagePoint Hole(DateTimeOffset at)
        => new(at, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>Makes rates of totals and keeps the last ten minutes.</summary>
public sealed class UsageHistory
{
    /// <summary>How far back the charts go.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    /// <summary>Samples further apart than this are not joined by a line.</summary>
    public static readonly TimeSpan MaxStep = TimeSpan.FromSeconds(6);

    private readonly Queue<UsagePoint> _points = [];
    private UsageSample? _last;

    /// <summary>The points, oldest first.</summary>
    public IReadOnlyCollection<UsagePoint> Points => _points;

    /// <summary>The newest sample; null before the first.</summary>
    public UsageSample? Last => _last;

    /// <summary>The newest point, with its rates; null before the first.</summary>
    public UsagePoint? LastPoint { get; private set; }

    /// <summary>Takes one sample.</summary>
    /// <returns>The points it adds: none when it is not newer than the last, two when a hole goes before it.</returns>
    public IReadOnlyList<UsagePoint> Add(UsageSample sample)
    {
        if (_last is not null && sample.At <= _last.At)
            return [];
        List<UsagePoint> added = [];
        var step = _last is null ? TimeSpan.Zero : sample.At - _last.At;
        if (step > MaxStep)
            added.Add(UsagePoint.Hole(_last!.At.AddMilliseconds(1)));
        var isJoined = _last is not null && step <= MaxStep;
        var point = new UsagePoint(
            sample.At, sample.CpuPercent, sample.MemoryBytes,
            sample.MemoryLimitBytes > 0 ? sample.MemoryLimitBytes : double.NaN,
            Rate(_last?.NetworkRxBytes, sample.NetworkRxBytes), Rate(_last?.NetworkTxBytes, sample.NetworkTxBytes),
            DiskRate(_last?.DiskReadBytes, sample.DiskReadBytes), DiskRate(_last?.DiskWriteBytes, sample.DiskWriteBytes));
        added.Add(point);
        _last = sample;
        LastPoint = point;
        foreach (var one in added)
            _points.Enqueue(one);
        while (_points.TryPeek(out var oldest) && oldest.At < sample.At - Span)
            _points.Dequeue();
        return added;

        double DiskRate(long? before, long now) => sample.IsDiskUncounted ? double.NaN : Rate(before, now);

        // A total that fell belongs to a new container: its rate is not known before its second sample.
        double Rate(long? before, long now)
            => isJoined && now >= before ? (now - before.Value) / step.TotalSeconds : double.NaN;
    }
}

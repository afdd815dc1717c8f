using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using OrleansWings.Usages;

namespace OrleansWings.Silo.Usages;

/// <summary>One server's measuring: which container, the counters before, and what was measured lately.</summary>
internal sealed class UsageTrack
{
    /// <summary>Ten minutes at one a second.</summary>
    private const int Kept = 600;

    // An engine says something each second or two; what is older is no measurement of now.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<UsageSample> _history = new();
    private UsageCounters? _before;
    private Heard? _fromEngine;
    private long _watchBegan;
    private CancellationTokenSource? _watching;
    private Task _watch = Task.CompletedTask;

    public int Run { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public ContainerId Container { get; private set; }

    public int ProcessId { get; private set; }

    public void Begin(int run, DateTimeOffset startedAt, ContainerState container)
        => (Run, StartedAt, Container, ProcessId, _before) = (run, startedAt, container.Id, container.ProcessId, null);

    public async Task EndAsync()
    {
        Run = 0;
        (_before, _fromEngine) = (null, null);
        if (_watching is null)
            return;
        await _watching.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watching.Dispose();
        _watching = null;
    }

    /// <summary>The newest counters of the engine's stream, which is opened the first time, and anew when it ended or fell silent; null while it has nothing to say.</summary>
    public UsageCounters? ReadEngine(IContainerEngine engine, string container, TimeProvider time)
    {
        var heard = Volatile.Read(ref _fromEngine);
        var isFresh = heard is not null && time.GetElapsedTime(heard.At) < s_silence;
        if (_watching is null || _watch.IsCompleted || (!isFresh && time.GetElapsedTime(_watchBegan) >= s_silence))
        {
            _watching?.Cancel();
            _watching?.Dispose();
            _watching = new CancellationTokenSource();
            _watchBegan = time.GetTimestamp();
            _watch = WatchAsync(engine, container, time, _watching.Token);
        }

        return isFresh ? heard!.Counters : null;
    }

    public UsageSample Add(UsageCounters now, TimeSpan uptime, long? filesBytes = null, long filesLimitBytes = 0, bool areFilesIncomplete = false)
    {
        var sample = new UsageSample
        {
            At = now.At,
            CpuPercent = _before is null || _before.At >= now.At ? LastCpu() : UsageMath.CpuPercent(_before, now),
            MemoryBytes = now.MemoryBytes,
            MemoryLimitBytes = now.MemoryLimitBytes,
            NetworkRxBytes = now.NetworkRxBytes,
            NetworkTxBytes = now.NetworkTxBytes,
            DiskReadBytes = now.DiskReadBytes ?? 0,
            DiskWriteBytes = now.DiskWriteBytes ?? 0,
            IsDiskUncounted = now.DiskReadBytes is null,
            Processes = now.Processes,
            Uptime = uptime,
            FilesBytes = filesBytes,
            FilesLimitBytes = filesLimitBytes,
            AreFilesIncomplete = areFilesIncomplete,
        };
        _before = now;
        lock (_lock)
        {
            _history.Enqueue(sample);
            while (_history.Count > Kept)
                _history.Dequeue();
        }

        return sample;
    }

    public ImmutableArray<UsageSample> History()
    {
        lock (_lock)
            return [.. _history];
    }

    // The engine's stream is slower than the sampler: the same counters twice are the same usage, not none.
    private double LastCpu()
    {
        lock (_lock)
            return _before is null ? 0 : _history.LastOrDefault()?.CpuPercent ?? 0;
    }

    private async Task WatchAsync(IContainerEngine engine, string container, TimeProvider time, CancellationToken cancellationToken)
    {
        await foreach (var counters in engine.WatchUsageAsync(container, cancellationToken).ConfigureAwait(false))
            Volatile.Write(ref _fromEngine, new Heard(counters, time.GetTimestamp()));
    }

    private sealed record Heard(UsageCounters Counters, long At);
}

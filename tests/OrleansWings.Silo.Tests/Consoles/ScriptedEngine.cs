using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Silo.Tests.Consoles;

/// <summary>One container whose terminal says what the test says, logged as an engine does: lines at their end, very long ones in pieces.</summary>
internal sealed class ScriptedEngine(FakeTimeProvider time) : IContainerEngine
{
    private const int LongestPiece = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly List<LogEntry> _log = [];
    private readonly List<byte> _unended = [];
    private readonly List<ScriptedTerminal> _terminals = [];
    private readonly TaskCompletionSource<ContainerExit?> _exit = new();

    public event Action<EngineWarning>? Warned
    {
        add { }
        remove { }
    }

    public Exception? LogFailure { get; set; }

    public Action? BeforeLog { get; set; }

    public Action? AfterLog { get; set; }

    public int LogReads { get; private set; }

    /// <summary>So many reads of the log give nothing.</summary>
    public int HiddenReads { get; set; }

    public LogQuery? LastQuery { get; private set; }

    public ScriptedTerminal Terminal => _terminals[^1];

    public int LogCount => _log.Count;

    public void Say(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (var b in bytes)
            {
                _unended.Add(b);
                if (b != '\n' && _unended.Count < LongestPiece)
                    continue;
                _log.Add(new LogEntry(time.GetUtcNow(), _unended.ToArray()));
                _unended.Clear();
            }

            foreach (var terminal in _terminals)
                terminal.Say(bytes);
        }
    }

    public void Say(string text) => Say(System.Text.Encoding.Latin1.GetBytes(text));

    /// <summary>The process ends: its last line is logged as it stands, and the terminals end.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            if (_unended.Count > 0)
                _log.Add(new LogEntry(time.GetUtcNow(), _unended.ToArray()));
            _unended.Clear();
        }

        _exit.SetResult(new ContainerExit(0, false, time.GetUtcNow()));
        _terminals.ForEach(terminal => terminal.End());
    }

    public void Rotate(int entries) => _log.RemoveRange(0, entries);

    public Task<IContainerAttachment> AttachAsync(string container, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (container != "game")
                throw new ContainerMissingException(container);
            _terminals.Add(new ScriptedTerminal());
            return Task.FromResult<IContainerAttachment>(Terminal);
        }
    }

    public async IAsyncEnumerable<LogEntry> ReadLogAsync(string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        LastQuery = query;
        LogReads++;
        BeforeLog?.Invoke();
        LogEntry[] entries;
        lock (_lock)
            entries = [.. _log.Where(e => query.Since is null || e.At >= query.Since)];
        AfterLog?.Invoke();
        if (HiddenReads > 0)
        {
            HiddenReads--;
            entries = [];
        }

        foreach (var entry in entries)
            yield return entry;
        if (LogFailure is not null)
            throw LogFailure;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<EngineFacts> GetFactsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContainerId> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContainerState?> InspectAsync(string container, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StartAsync(string container, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> KillAsync(string container, string signal, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContainerExit?> WaitAsync(string container, CancellationToken cancellationToken) => _exit.Task.WaitAsync(cancellationToken);

    public Task<bool> RemoveAsync(string container, bool force, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RenameAsync(string container, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> UpdateAsync(string container, ContainerLimits limits, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ContainerState>> ListAsync(string label, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<ContainerEvent> WatchEventsAsync(string label, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<UsageCounters> WatchUsageAsync(string container, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredImage>> ListStoredImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveImageAsync(string image, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImageState?> InspectImageAsync(string image, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PullImageAsync(string image, RegistryCredentials? credentials, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task<NetworkState?> InspectNetworkAsync(string network, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<NetworkState>> ListNetworksAsync(string label, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveNetworkAsync(string network, CancellationToken cancellationToken) => throw new NotSupportedException();
}

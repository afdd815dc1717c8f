using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;

namespace OrleansWings.Testing.Engines;

/// <summary>One container of a <see cref="FakeContainerEngine"/>, open to the tests.</summary>
public sealed class FakeContainer
{
    private const int LongestLogPiece = 16 * 1024;

    private readonly FakeContainerEngine _engine;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _log = [];
    private readonly List<FakeAttachment> _attachments = [];
    private readonly SemaphoreSlim _output = new(1, 1);
    private readonly MemoryStream _line = new();
    private FakeTerminal? _terminal;

    internal FakeContainer(FakeContainerEngine engine, TimeProvider time, ContainerId id, ContainerSpec spec)
    {
        (_engine, _time, Id, Spec) = (engine, time, id, spec);
        Exited = Task.FromResult(0);
    }

    public ContainerId Id { get; }

    /// <summary>With the limits as last updated.</summary>
    public ContainerSpec Spec { get; internal set; }

    public bool IsRunning { get; private set; }

    public bool IsPaused { get; internal set; }

    public int ProcessId { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public ContainerExit? Exit { get; internal set; }

    /// <summary>How many are connected to its game, as <see cref="FakeUsageReader"/> tells it; null for who cannot tell.</summary>
    public int? Connections { get; set; } = 0;

    /// <summary>What the usage stream and <see cref="FakeUsageReader"/> tell of it.</summary>
    public UsageCounters Usage { get; set; } = new() { MemoryBytes = 1024 * 1024, Processes = 1 };

    public int Attachments { get { lock (_lock) return _attachments.Count; } }

    internal bool IsOutOfMemory { get; set; }

    /// <summary>Completes when the process has ended and everybody was told; <see cref="IsRunning"/> is false a little before.</summary>
    public Task<int> Exited { get; private set; }

    internal void Start(FakeProgram program, int processId)
    {
        var exit = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new CancellationTokenSource();
        var terminal = new FakeTerminal(this, _time, exit, ended.Token);
        lock (_lock)
        {
            (_terminal, IsRunning, IsOutOfMemory, ProcessId, StartedAt, Exit) = (terminal, true, false, processId, _time.GetUtcNow(), null);
            Exited = EndAsync(exit.Task, ended);
        }

        _ = Task.Run(() => RunAsync(program, terminal, exit), CancellationToken.None);
    }

    internal bool Signal(string signal)
    {
        var terminal = IsRunning ? _terminal : null;
        terminal?.Signal(signal);
        return terminal is not null;
    }

    internal FakeAttachment Attach()
    {
        var attachment = new FakeAttachment(this);
        lock (_lock)
            _attachments.Add(attachment);
        return attachment;
    }

    internal void Detach(FakeAttachment attachment)
    {
        lock (_lock)
            _attachments.Remove(attachment);
    }

    /// <summary>Ends every line to its terminal; the process goes on.</summary>
    public void CutAttachments()
    {
        FakeAttachment[] cut;
        lock (_lock)
        {
            cut = [.. _attachments];
            _attachments.Clear();
        }

        foreach (var attachment in cut)
            attachment.Cut();
    }

    internal ValueTask TypeAsync(ReadOnlyMemory<byte> bytes) => IsRunning && _terminal is { } terminal ? terminal.TypeAsync(bytes) : ValueTask.CompletedTask;

    internal async ValueTask OutputAsync(ReadOnlyMemory<byte> bytes, CancellationToken ended)
    {
        await _output.WaitAsync(ended);
        try
        {
            FakeAttachment[] readers;
            lock (_lock)
            {
                Log(bytes.Span);
                readers = [.. _attachments];
            }

            foreach (var reader in readers)
                await reader.PushAsync(bytes, ended);
        }
        finally
        {
            _output.Release();
        }
    }

    internal LogEntry[] ReadLog(LogQuery query)
    {
        lock (_lock)
        {
            var entries = _log.Where(entry => query.Since is null || entry.At >= query.Since).ToList();
            return [.. query.Tail is { } tail ? entries.TakeLast(tail) : entries];
        }
    }

    private void Log(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            _line.WriteByte(letter);
            if (letter == '\n' || _line.Length == LongestLogPiece)
                EndLogEntry();
        }
    }

    private void EndLogEntry()
    {
        if (_line.Length == 0)
            return;

        _log.Add(new LogEntry(_time.GetUtcNow(), _line.ToArray()));
        _line.SetLength(0);
    }

    private static async Task RunAsync(FakeProgram program, FakeTerminal terminal, TaskCompletionSource<int> exit)
    {
        try
        {
            exit.TrySetResult(await program(terminal));
        }
        catch (Exception)
        {
            exit.TrySetResult(1); // a program that throws has crashed; one that was ended has its code already
        }
    }

    private async Task<int> EndAsync(Task<int> exit, CancellationTokenSource ended)
    {
        var code = await exit;
        await ended.CancelAsync();
        await _output.WaitAsync(CancellationToken.None);
        lock (_lock)
        {
            EndLogEntry();
            (IsRunning, ProcessId, Exit) = (false, 0, new ContainerExit(code, IsOutOfMemory, _time.GetUtcNow()));
        }

        _output.Release();
        _engine.OnExited(this);
        CutAttachments();
        return code;
    }
}

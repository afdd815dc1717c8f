using System.Collections.Concurrent;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

/// <summary>An engine in memory, quick enough for ten thousand containers, with switches for what goes wrong.</summary>
/// <remarks>Without a script its containers run <see cref="FakeGame"/>. It holds the same conformance tests as the real one.</remarks>
public sealed partial class FakeContainerEngine : IContainerEngine
{
    public const string TestImage = "orleanswings-test:latest";

    private readonly TimeProvider _time;
    private readonly EngineTimeouts _timeouts;
    private readonly Lock _lock = new();
    private CancellationTokenSource _presence = new();
    private bool _isDisposed;
    private int _nextId;

    public FakeContainerEngine(TimeProvider? time = null, EngineTimeouts? timeouts = null)
    {
        _time = time ?? TimeProvider.System;
        _timeouts = timeouts ?? new EngineTimeouts();
        AddImage(TestImage);
        foreach (var network in (string[])["bridge", "host", "none"])
            _networks[network] = new NetworkState(NewId(), network, network, network == "bridge" ? ["172.17.0.0/16"] : [], [], new Dictionary<string, string>());
    }

    /// <summary>What runs in containers whose image has no program of its own.</summary>
    public FakeProgram Program { get; set; } = FakeGame.RunAsync;

    /// <summary>Calls do not answer: they fail as unreachable when their time is over.</summary>
    public bool IsHung { get; set; }

    /// <summary>Calls of this name are never answered, until who asked gives up; null for none.</summary>
    public string? HeldCall { get; set; }

    /// <summary>Every call takes this long.</summary>
    public TimeSpan CallDelay { get; set; }

    /// <summary>Asked before each call, with its name and the container's or image's; an exception it returns is thrown.</summary>
    public Func<string, string, Exception?>? Fault { get; set; }

    /// <summary>Asked after each watch over the events has begun; an exception it returns breaks the watch off.</summary>
    public Func<Exception?>? FaultAfterWatch { get; set; }

    /// <summary>Every call so far, like "start 4f1c…".</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What the engine says of itself.</summary>
    public EngineFacts Facts { get; set; } = new()
    {
        Version = "fake",
        ApiVersion = "1.41",
        OperatingSystem = "Fake",
        Cores = 8,
        MemoryBytes = 64L << 30,
        CgroupVersion = "2",
        CgroupDriver = "cgroupfs",
        Id = "FAKE",
    };

    public event Action<EngineWarning>? Warned;

    /// <summary>The kernel has no I/O weight: the engine says so wherever one is asked for, and leaves it out.</summary>
    public bool IsWithoutIoWeight { get; set; }

    /// <summary>The engine is gone: calls fail at once and every line to it is cut. Its containers run on.</summary>
    public bool IsAway
    {
        get;
        set
        {
            field = value;
            if (!value)
                return;

            Interlocked.Exchange(ref _presence, new CancellationTokenSource()).Cancel();
            foreach (var container in Containers)
                container.CutAttachments();
        }
    }

    public IReadOnlyList<FakeContainer> Containers { get { lock (_lock) return [.. _byName.Values]; } }

    /// <summary>The container of that name or id.</summary>
    public FakeContainer? Find(string container)
    {
        lock (_lock)
            return _byName.GetValueOrDefault(container) ?? _byId.GetValueOrDefault(container);
    }

    public async Task<EngineFacts> GetFactsAsync(CancellationToken cancellationToken)
    {
        await EnterAsync("facts", "", _timeouts.Call, cancellationToken);
        return Facts;
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (var container in Containers)
            container.Signal("SIGKILL");
        return ValueTask.CompletedTask;
    }

    private async Task EnterAsync(string call, string what, TimeSpan limit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Enqueue($"{call} {what}");
        if (IsAway)
            throw new EngineUnreachableException("The engine cannot be reached: it is away.");

        if (Fault?.Invoke(call, what) is { } fault)
            throw fault;

        if (HeldCall == call)
            await Task.Delay(Timeout.Infinite, cancellationToken);

        if (CallDelay > TimeSpan.Zero)
            await Task.Delay(CallDelay, _time, cancellationToken);

        if (IsHung)
        {
            await Task.Delay(limit, _time, cancellationToken);
            throw new EngineUnreachableException($"The engine did not answer within {limit.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Waits for something that only the engine's going away interrupts.</summary>
    private async Task<T> StayAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        var presence = _presence.Token;
        if (IsAway)
            throw new EngineUnreachableException("The line to the engine was cut."); // it went between the call's beginning and its wait
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, presence);
        try
        {
            return await wait(linked.Token);
        }
        catch (OperationCanceledException) when (presence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineUnreachableException("The line to the engine was cut.");
        }
    }

    private string NewId() => Interlocked.Increment(ref _nextId).ToString("x64", System.Globalization.CultureInfo.InvariantCulture);
}

namespace OrleansWings.Containers.Engines;

/// <summary>A container as the engine sees it.</summary>
public sealed record ContainerState
{
    public required ContainerId Id { get; init; }

    /// <summary>The name without a leading slash.</summary>
    public required string Name { get; init; }

    public required string Image { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Whether its process runs (a paused one does).</summary>
    public bool IsRunning { get; init; }

    /// <summary>Whether somebody has paused it: its process stands still until it is unpaused or ended.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether it was made and never started.</summary>
    public bool IsCreated { get; init; }

    /// <summary>The first process on the host; 0 when none runs or a list does not say.</summary>
    public int ProcessId { get; init; }

    /// <summary>UTC; null when never started or a list does not say.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How it ended; null while it runs, was never started, or a list does not say.</summary>
    public ContainerExit? Exit { get; init; }

    /// <summary>Address in the container's networks, by network.</summary>
    public IReadOnlyDictionary<string, string> Addresses { get; init; } = new Dictionary<string, string>();

    /// <summary>The network that it was made for, running or not, or "none", "host"; "" when a list does not say.</summary>
    public string NetworkMode { get; init; } = "";

    /// <summary>The limits that the engine holds; null when a list does not say.</summary>
    public ContainerLimits? Limits { get; init; }

    /// <summary>What else it was made with; null when a list does not say.</summary>
    public ContainerMaking? Making { get; init; }
}

/// <summary>What a container was made with. The engine mixes what its image says into it: see <see cref="ImageState"/>.</summary>
public sealed record ContainerMaking
{
    /// <summary>Environment, name to value; the image's too.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The command; the image's where it was given none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Published addresses, each once: a server's are both TCP and UDP.</summary>
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];

    /// <summary>Folders of the host.</summary>
    public IReadOnlyList<BindMount> Mounts { get; init; } = [];
}

/// <summary>How a container's process ended.</summary>
/// <param name="Code">Exit code; 137 is SIGKILL.</param>
/// <param name="IsOutOfMemory">Whether the kernel ended one of its processes for want of memory, not always the first.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Error">What the engine says of a start that failed; empty otherwise.</param>
public sealed record ContainerExit(int Code, bool IsOutOfMemory, DateTimeOffset At, string Error = "");

/// <summary>What happened to a container.</summary>
public enum ContainerEventKind
{
    /// <summary>The watch is on: nothing from here on is missed.</summary>
    Watching,
    Created,
    Started,
    Died,
    OutOfMemory,
    Removed,
    Renamed,

    /// <summary>Paused, or no longer.</summary>
    Paused,
    Other,
}

/// <summary>One event of the engine.</summary>
public sealed record ContainerEvent(ContainerEventKind Kind, ContainerId Container, string Name, IReadOnlyDictionary<string, string> Attributes, DateTimeOffset At);

/// <summary>One entry of the engine's log. The bytes keep the terminal's "\r\n"; an entry without a line feed continues in the next.</summary>
public readonly record struct LogEntry(DateTimeOffset At, ReadOnlyMemory<byte> Bytes);

/// <summary>Which part of the engine's log: the last so many lines, from a time on, or both; null is all.</summary>
public sealed record LogQuery(int? Tail = null, DateTimeOffset? Since = null);

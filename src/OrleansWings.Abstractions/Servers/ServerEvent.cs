using System.Collections.Immutable;

namespace OrleansWings.Servers;

/// <summary>What an event of a server is about.</summary>
[GenerateSerializer, Alias("server-event-kind")]
public enum ServerEventKind
{
    /// <summary>Its power state changed.</summary>
    State,

    /// <summary>Its process ended.</summary>
    Exit,

    /// <summary>Its image is looked for: pulled, or only looked up when its name begins with "~".</summary>
    PullStarted,

    /// <summary>Its image is there.</summary>
    PullCompleted,

    /// <summary>Its image could not be pulled; the text says whether an older copy is used.</summary>
    PullFailed,

    /// <summary>Something else that its console was told: limits, the disk, a crash that was not answered with a restart.</summary>
    Notice,
}

/// <summary>Something that happened to a server. The last <see cref="Kept"/> are kept on its host and survive restarts.</summary>
[GenerateSerializer, Immutable, Alias("server-event")]
public sealed record ServerEvent
{
    /// <summary>How many are kept of each server.</summary>
    public const int Kept = 200;

    /// <summary>How many of the console's lines an end of the process comes with.</summary>
    public const int LinesKept = 50;

    /// <summary>When, UTC.</summary>
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>About what.</summary>
    [Id(1)]
    public ServerEventKind Kind { get; init; }

    /// <summary>The run it belongs to; 0 before the first.</summary>
    [Id(2)]
    public int Run { get; init; }

    /// <summary>A sentence or two for people.</summary>
    [Id(3)]
    public string Text { get; init; } = "";

    /// <summary>The state after it; null when the event is about something else.</summary>
    [Id(4)]
    public PowerState? State { get; init; }

    /// <summary>How the process ended, with its exit code and whether it was for want of memory; null when the event is about something else.</summary>
    [Id(5)]
    public ServerExit? Exit { get; init; }

    /// <summary>The last lines of the console before the process ended, without colours, each at most 500 characters; empty otherwise.</summary>
    [Id(6)]
    public ImmutableArray<string> LastLines { get; init; } = [];
}

/// <summary>An event and whose it is.</summary>
/// <param name="Server">The server.</param>
/// <param name="Event">What happened.</param>
[GenerateSerializer, Immutable, Alias("server-happening")]
public sealed record ServerHappening([property: Id(0)] ServerId Server, [property: Id(1)] ServerEvent Event);

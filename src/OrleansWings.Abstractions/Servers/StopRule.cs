namespace OrleansWings.Servers;

/// <summary>How a server's process is asked to stop.</summary>
[GenerateSerializer, Alias("stop-kind")]
public enum StopKind
{
    /// <summary>A signal to the process.</summary>
    Signal = 0,

    /// <summary>A line on its console.</summary>
    Command = 1,

    /// <summary>The engine's own stop: the image's stop signal.</summary>
    Native = 2,
}

/// <summary>How a server's process is asked to stop, and how long it may take.</summary>
[GenerateSerializer, Immutable, Alias("stop-rule")]
public sealed record StopRule
{
    /// <summary>SIGTERM and ten minutes, as Pterodactyl Wings has it.</summary>
    public static StopRule Default { get; } = new() { Kind = StopKind.Signal, Value = "SIGTERM" };

    /// <summary>The way. Default: a signal.</summary>
    [Id(0)]
    public StopKind Kind { get; init; }

    /// <summary>The command's text, or the signal: "SIGINT", "INT", "2" or "^C". Not used for native.</summary>
    [Id(1)]
    public string Value { get; init; } = "";

    /// <summary>How long the process may take before it is killed: 1 s to 1 h. Default: 10 minutes.</summary>
    [Id(2)]
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);
}

using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>A change on a host, on its events stream. Exactly one of the members is set.</summary>
[GenerateSerializer, Immutable, Alias("host-event")]
public sealed record HostEvent
{
    /// <summary>The host.</summary>
    [Id(0)]
    public required HostId Host { get; init; }

    /// <summary>A server changed: its new picture.</summary>
    [Id(1)]
    public ServerSnapshot? Server { get; init; }

    /// <summary>A server's files were purged, it is known no longer.</summary>
    [Id(2)]
    public ServerId? Forgotten { get; init; }

    /// <summary>The engine went (false) or came (true).</summary>
    [Id(3)]
    public bool? IsEngineReachable { get; init; }

    /// <summary>Something happened to a server; its new picture, if there is one, comes by itself.</summary>
    [Id(4)]
    public ServerHappening? Happened { get; init; }
}

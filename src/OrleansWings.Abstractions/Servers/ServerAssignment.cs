using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>What the record wants of a host: the spec, whose it is, and whether the server shall be.</summary>
[GenerateSerializer, Immutable, Alias("server-assignment")]
public sealed record ServerAssignment
{
    /// <summary>The server.</summary>
    [Id(0)]
    public required ServerId Server { get; init; }

    /// <summary>The host it is assigned to.</summary>
    [Id(1)]
    public required HostId Host { get; init; }

    /// <summary>Rises each time the server is assigned to a host: the milliseconds since 1970 at which it was, or one more than before where a clock is behind.</summary>
    [Id(2)]
    public long Epoch { get; init; }

    /// <summary>Rises with each change of the wish: of the spec, of the deletion mark.</summary>
    [Id(3)]
    public long Version { get; init; }

    /// <summary>What the user asks.</summary>
    [Id(4)]
    public required ServerSpec Spec { get; init; }

    /// <summary>When it was deleted; null when it is not.</summary>
    [Id(5)]
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The last run of the host that had the server before; a new host counts on from it, so that a viewer's place stays behind it.</summary>
    [Id(20)]
    public int LastRun { get; init; }
}

using OrleansWings.Usages;

namespace OrleansWings.Hosts;

/// <summary>What a host's feed hears of it, for the host's own grain.</summary>
[GenerateSerializer, Immutable, Alias("host-hearing")]
public sealed record HostHearing
{
    /// <summary>Whether it can be worked with.</summary>
    [Id(0)]
    public required HostStatus Status { get; init; }

    /// <summary>Since when, UTC.</summary>
    [Id(1)]
    public required DateTimeOffset StatusSince { get; init; }

    /// <summary>When it was last heard, UTC; null when this feed never heard it.</summary>
    [Id(2)]
    public DateTimeOffset? LastHeardAt { get; init; }

    /// <summary>See <see cref="HostSnapshot.ClockAhead"/>.</summary>
    [Id(3)]
    public TimeSpan ClockAhead { get; init; }

    /// <summary>The newest measurements; null while nothing is heard.</summary>
    [Id(4)]
    public HostUsage? Usage { get; init; }
}

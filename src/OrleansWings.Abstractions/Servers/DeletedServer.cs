using OrleansWings.Hosts;

namespace OrleansWings.Servers;

/// <summary>A deleted server that can still be brought back.</summary>
/// <param name="Id">The server.</param>
/// <param name="Name">Its name.</param>
/// <param name="Host">The host that keeps its files.</param>
/// <param name="DeletedAt">When it was deleted, UTC.</param>
/// <param name="PurgedAt">When its files go for good, UTC: 7 days after the deletion.</param>
[GenerateSerializer, Immutable, Alias("deleted-server")]
public sealed record DeletedServer(
    [property: Id(0)] ServerId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] HostId Host,
    [property: Id(3)] DateTimeOffset DeletedAt,
    [property: Id(4)] DateTimeOffset PurgedAt);

using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>A port of a host that a server holds, or a free one that has a note.</summary>
/// <param name="Port">The port.</param>
/// <param name="Server">Who holds it; null for a free one.</param>
/// <param name="Name">The server's name; empty for a free one.</param>
/// <param name="Note">For operators; may be empty.</param>
[GenerateSerializer, Immutable, Alias("held-allocation")]
public sealed record HeldAllocation(
    [property: Id(0)] Allocation Port,
    [property: Id(1)] ServerId? Server,
    [property: Id(2)] string Name,
    [property: Id(3)] string Note);

using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>An orphaned container, read back into what a record would say of its server.</summary>
/// <param name="Assignment">For the record; null when it was refused.</param>
/// <param name="Refusal">Why not, or accepted.</param>
[GenerateSerializer, Immutable, Alias("orphan-reading")]
public sealed record OrphanReading([property: Id(0)] ServerAssignment? Assignment, [property: Id(1)] ServerResult Refusal)
{
    /// <summary>Its server, as far as there is such a container: also when no record can be made of it.</summary>
    [Id(2)]
    public ServerId? Server { get; init; }
}

namespace OrleansWings.Servers;

/// <summary>What is asked of a server, and which change of the wish that was.</summary>
/// <param name="Spec">What is asked.</param>
/// <param name="Version">Rises with each change, by whomever.</param>
public sealed record VersionedSpec(ServerSpec Spec, long Version);

namespace OrleansWings.Fleets;

/// <summary>The cluster's store does not answer, so it is not known where the one who was called is. Nothing was done.</summary>
// Not an OrleansException: those are tried again.
[GenerateSerializer, Alias("store-unreachable")]
public sealed class StoreUnreachableException() : Exception("The cluster's store does not answer: nothing was done. Game servers go on.");

namespace OrleansWings.Fleets;

/// <summary>
/// The cluster's store does not answer, or takes nothing, or no control process could be asked, so it is not known where the one who was called is. Nothing was done.
/// </summary>
/// <param name="message">Why, in a sentence.</param>
// Not an OrleansException: those are tried again.
[GenerateSerializer, Alias("store-unreachable")]
public sealed class StoreUnreachableException(string message) : Exception(message)
{
    /// <summary>It does not answer.</summary>
    public StoreUnreachableException() : this("The cluster's store does not answer: nothing was done. Game servers go on.")
    {
    }
}

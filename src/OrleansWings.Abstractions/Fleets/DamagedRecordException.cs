namespace OrleansWings.Fleets;

/// <summary>What the cluster's store has of one server, host or user cannot be read, and is left as it is. Nothing was done.</summary>
/// <param name="message">Which, why, and what to do, in sentences.</param>
// An OrleansException: any other would be hidden in one on its way.
[GenerateSerializer, Alias("record-damaged")]
public sealed class DamagedRecordException(string message) : OrleansException(message);

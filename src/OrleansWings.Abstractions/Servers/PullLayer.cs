namespace OrleansWings.Servers;

/// <summary>How far one layer of an image is that is being pulled.</summary>
/// <param name="Id">The layer's short id, as the registry has it.</param>
/// <param name="Status">The engine's word: "Waiting", "Downloading", "Extracting", "Pull complete", "Already exists", ….</param>
/// <param name="DoneBytes">Of the present step; 0 while nothing is counted.</param>
/// <param name="TotalBytes">Of the present step; 0 while that is not known.</param>
[GenerateSerializer, Immutable, Alias("pull-layer")]
public sealed record PullLayer([property: Id(0)] string Id, [property: Id(1)] string Status, [property: Id(2)] long DoneBytes, [property: Id(3)] long TotalBytes)
{
    /// <summary>Whether it is on the host.</summary>
    public bool IsDone => Status is "Pull complete" or "Already exists";
}

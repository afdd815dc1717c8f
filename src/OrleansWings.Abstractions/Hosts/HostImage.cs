using System.Collections.Immutable;

namespace OrleansWings.Hosts;

/// <summary>An image on a host that no container is made of and no server there wishes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Names">Its names with their tags; none for one that a newer build has pushed aside.</param>
/// <param name="SizeBytes">What it takes with the layers that it shares with others: removing it may free less.</param>
[GenerateSerializer, Immutable, Alias("host-image")]
public sealed record HostImage([property: Id(0)] string Id, [property: Id(1)] ImmutableArray<string> Names, [property: Id(2)] long SizeBytes);

/// <summary>What came of removing images.</summary>
/// <param name="Removed">How many are gone.</param>
/// <param name="Kept">Those that are not, each with the reason.</param>
/// <param name="Problem">Why nothing could be done, in a sentence; null when it could.</param>
[GenerateSerializer, Immutable, Alias("image-removal")]
public sealed record ImageRemoval([property: Id(0)] int Removed, [property: Id(1)] ImmutableArray<string> Kept, [property: Id(2)] string? Problem = null);

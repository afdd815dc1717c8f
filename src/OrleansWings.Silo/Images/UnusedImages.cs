using System.Collections.Immutable;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Images;

/// <summary>Which images of an engine nobody needs: pure.</summary>
internal static class UnusedImages
{
    /// <param name="stored">What the engine has.</param>
    /// <param name="wished">Image names of the specs of every server here, deleted ones included: they may be brought back.</param>
    public static ImmutableArray<HostImage> Of(IEnumerable<StoredImage> stored, IEnumerable<string> wished)
    {
        var names = wished.Select(image => Familiar(Tagged(ServerContainer.LocalName(image)))).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. stored.Where(image => !image.IsUsed && !image.Tags.Concat(image.Digests).Any(name => names.Contains(Familiar(name))) && !names.Contains(image.Id))
                .Select(image => new HostImage(image.Id, [.. image.Tags], image.SizeBytes)),
        ];
    }

    // As the engine lists it: of Docker Hub's images it leaves the registry out, and "library" of its own.
    private static string Familiar(string image)
    {
        if (ImageRegistry.HostOf(image) != ImageRegistry.Default)
            return image;
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var name = slash > 0 && image[..slash].Contains('.', StringComparison.Ordinal) ? image[(slash + 1)..] : image;
        return name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
    }

    // "host:5000/game" has no tag, however many colons.
    private static string Tagged(string image)
        => image.Contains('@', StringComparison.Ordinal) || image[(image.LastIndexOf('/') + 1)..].Contains(':', StringComparison.Ordinal) ? image : image + ":latest";
}

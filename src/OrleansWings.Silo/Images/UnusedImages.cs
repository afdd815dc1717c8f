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
        var names = wished.Select(image => ImageName.Listed(ServerContainer.LocalName(image))).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. stored.Where(image => !image.IsUsed && !image.Tags.Concat(image.Digests).Any(name => names.Contains(ImageName.Listed(name))) && !names.Contains(image.Id))
                .Select(image => new HostImage(image.Id, [.. image.Tags], image.SizeBytes)),
        ];
    }
}

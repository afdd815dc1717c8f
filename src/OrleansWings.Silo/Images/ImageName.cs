using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Images;

/// <summary>When two ways of writing an image mean the same one: pure.</summary>
internal static class ImageName
{
    /// <summary>
    /// As the engine lists it: with the tag that is meant, and of Docker Hub's images without the registry, and without "library" of its own.
    /// </summary>
    /// <param name="image">As typed, without "~".</param>
    public static string Listed(string image) => Familiar(Tagged(image));

    /// <summary>
    /// Whether an image is the one that was named: one of its tags, or digests, is exactly that. The engine also takes the beginning of an id for a name.
    /// </summary>
    /// <param name="found">What the engine gave for the name.</param>
    /// <param name="image">The name, without "~".</param>
    public static bool IsOf(ImageState found, string image)
    {
        var listed = Listed(image);
        return found.Tags.Concat(found.Digests).Any(name => Familiar(name) == listed) || found.Id == image;
    }

    private static string Familiar(string image)
    {
        if (ImageRegistry.HostOf(image) != ImageRegistry.Default)
            return image;
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var name = slash > 0 && image[..slash].Contains('.', StringComparison.Ordinal) ? image[(slash + 1)..] : image;
        return name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
    }

    // A digest says all: a tag beside it is not looked at, by the engine neither.
    private static string Tagged(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        return at >= 0 ? WithoutTag(image[..at]) + image[at..] : WithoutTag(image) == image ? image + ":latest" : image;
    }

    // "host:5000/game" has no tag, however many colons.
    private static string WithoutTag(string image) => image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? image[..colon] : image;
}

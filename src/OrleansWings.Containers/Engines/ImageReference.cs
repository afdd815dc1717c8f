namespace OrleansWings.Containers.Engines;

/// <summary>An image name taken apart as a pull wants it. Without a tag the engine would pull every tag there is.</summary>
internal readonly record struct ImageReference(string Repository, string Tag)
{
    public static ImageReference Parse(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        if (digest > 0)
            return new ImageReference(image[..digest], image[(digest + 1)..]);

        // A colon before the last slash is a registry's port.
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/')
            ? new ImageReference(image[..colon], image[(colon + 1)..])
            : new ImageReference(image, "latest");
    }
}

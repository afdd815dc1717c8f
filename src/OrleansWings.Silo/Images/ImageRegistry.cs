namespace OrleansWings.Silo.Images;

/// <summary>Which registry an image is pulled from, as the engine understands its name: pure.</summary>
public static class ImageRegistry
{
    /// <summary>Where images without a registry in their name come from.</summary>
    public const string Default = "docker.io";

    /// <summary>
    /// The registry's host, with its port if it has one, in lower case. The first part of a name is a host only when it has a '.' or ':' in
    /// it, is "localhost" or has a capital, which no repository's name has; all else is Docker Hub's, whose own names are one.
    /// </summary>
    public static string HostOf(string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : image[..slash];
        return first is "localhost" || first.Contains('.') || first.Contains(':') || first.Any(char.IsAsciiLetterUpper) ? Normalize(first) : Default;
    }

    /// <summary>The one spelling of a registry's host.</summary>
    public static string Normalize(string host) => host.ToLowerInvariant() switch
    {
        "index.docker.io" or "registry-1.docker.io" => Default,
        var other => other,
    };
}

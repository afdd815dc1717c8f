namespace OrleansWings.Containers.Engines;

/// <summary>Says in plain words why a pull failed, with the engine's own words behind it.</summary>
internal static class PullRefusals
{
    // The first that fits wins: a refused login is also "not found" to some registries.
    private static readonly (string Words, string Meaning)[] s_meanings =
    [
        ("no basic auth credentials", "the registry asks for a user name and password, and none is set for it"),
        ("incorrect username or password", "the registry does not accept the user name or password"),
        ("pull access denied", "there is no such image, or the registry asks for a login"),
        ("unauthorized", "the registry does not accept the user name or password"),
        ("authentication required", "the registry asks for a user name and password, and none is set for it"),
        ("denied", "the registry refuses this image to this user"),
        ("no matching manifest", "the image is not made for this host's kind of processor"),
        ("manifest unknown", "the registry has no such image or tag"),
        ("manifest for", "the registry has no such image or tag"),
        ("name unknown", "the registry has no such image or tag"),
        ("invalid reference", "this is not a valid image name"),
        ("toomanyrequests", "the registry limits how often it may be asked"),
        ("no space left", "the host's disk is full"),
        ("certificate", "the registry's certificate is not trusted by this host"),
        ("server gave http response to https", "the registry speaks plain HTTP, which this host's engine does not allow"),
        ("connection refused", "the registry does not answer"),
        ("no such host", "the registry's name is not known to this host"),
        ("server misbehaving", "the registry's name is not known to this host"),
        ("i/o timeout", "the registry does not answer"),
        ("request canceled", "the registry does not answer"),
        ("deadline exceeded", "the registry does not answer"),
        ("network is unreachable", "this host has no way to the registry"),
        ("not found", "the registry has no such image or tag"),
    ];

    public static ImagePullException ToException(string image, string words, Exception? inner = null)
    {
        foreach (var (sign, meaning) in s_meanings)
        {
            if (words.Contains(sign, StringComparison.OrdinalIgnoreCase))
                return new ImagePullException(image, $"{meaning}.", inner, words);
        }

        return new ImagePullException(image, words, inner);
    }
}

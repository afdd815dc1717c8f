namespace OrleansWings;

/// <summary>Names that are stored or sent and so can never change.</summary>
public static class WingsNames
{
    /// <summary>The stream provider.</summary>
    public const string StreamProvider = "wings";

    /// <summary>Stream namespace of console batches; the key is the server's id.</summary>
    public const string ConsoleStream = "console";

    /// <summary>Stream namespace of a host's usage; the key is the host's id.</summary>
    public const string UsageStream = "usage";

    /// <summary>Stream namespace of a host's events; the key is the host's id.</summary>
    public const string EventStream = "events";

    /// <summary>The Orleans service id.</summary>
    public const string ServiceId = "orleans-wings";
}

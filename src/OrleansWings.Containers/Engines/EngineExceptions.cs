namespace OrleansWings.Containers.Engines;

/// <summary>The engine refused or failed; the message is the engine's own words, for a person.</summary>
public class EngineException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The engine does not answer, or the line to it was cut.</summary>
public sealed class EngineUnreachableException(string message, Exception? inner = null) : EngineException(message, inner);

/// <summary>There is no such container.</summary>
public sealed class ContainerMissingException(string container) : EngineException($"There is no container {container}.");

/// <summary>The image is not on the engine.</summary>
public sealed class ImageMissingException(string image) : EngineException($"The image {image} is not on this host.")
{
    public string Image { get; } = image;
}

/// <summary>A pull failed; the message says why, and behind it in the registry's or engine's words.</summary>
public sealed class ImagePullException(string image, string reason, Exception? inner = null, string? words = null)
    : EngineException($"The image {image} could not be pulled: {reason}{(words is null ? "" : $" ({words})")}", inner)
{
    /// <summary>The message without the registry's or engine's words: those are for the log.</summary>
    public string PlainMessage { get; } = $"The image {image} could not be pulled: {reason}";

    public string Image { get; } = image;
}

/// <summary>The name is in use.</summary>
public sealed class NameTakenException(string name) : EngineException($"The name {name} is in use on this engine.");

/// <summary>A port is held by somebody else on the host.</summary>
public sealed class PortTakenException(string port, string reason) : EngineException(reason)
{
    /// <summary>"0.0.0.0:25565", or what of it the engine said.</summary>
    public string Port { get; } = port;
}

/// <summary>A container is on the network: it cannot go.</summary>
public sealed class NetworkInUseException(string network) : EngineException($"The network {network} is in use.");

/// <summary>The subnet overlaps another network's.</summary>
public sealed class SubnetTakenException(string subnet, string reason) : EngineException(reason)
{
    public string Subnet { get; } = subnet;
}

namespace OrleansWings.Hosts;

/// <summary>
/// A server's host has no live silo. Not an OrleansException on purpose: those are retried by the runtime, and a person waits.
/// </summary>
[GenerateSerializer, Alias("host-unreachable")]
public sealed class HostUnreachableException : Exception
{
    /// <summary>Says which host.</summary>
    /// <param name="host">The host's name, or what is known of it.</param>
    public HostUnreachableException(string host)
        : base($"Host {host} does not answer.") => Host = host;

    /// <summary>The host's name.</summary>
    [Id(0)]
    public string Host { get; }
}

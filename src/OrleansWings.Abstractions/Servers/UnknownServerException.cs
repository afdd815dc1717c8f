namespace OrleansWings.Servers;

/// <summary>No server has the id. Not an OrleansException on purpose: those are retried by the runtime.</summary>
[GenerateSerializer, Alias("unknown-server")]
public sealed class UnknownServerException : Exception
{
    /// <summary>Says which id.</summary>
    /// <param name="server">The id that no server has.</param>
    public UnknownServerException(ServerId server)
        : base($"There is no server {server}.") => Server = server;

    /// <summary>The id that no server has.</summary>
    [Id(0)]
    public ServerId Server { get; }
}

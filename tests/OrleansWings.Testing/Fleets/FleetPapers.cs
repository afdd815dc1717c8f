using OrleansWings.Testing.Programs;

namespace OrleansWings.Testing.Fleets;

/// <summary>A fleet's CA and its machines' certificates, made by the program itself.</summary>
public sealed class FleetPapers(string folder)
{
    /// <summary>The CA's folder.</summary>
    public string Authority => Path.Combine(folder, "ca");

    public Task MakeAuthorityAsync() => Command.RunAsync(PublishedProgram.Path, "certificates", "ca", Authority);

    /// <summary>Makes a machine's certificate.</summary>
    /// <param name="kind">"host", "control", "client", "redis".</param>
    /// <param name="name">The machine's name.</param>
    /// <param name="addresses">Where it is reached; for Redis.</param>
    /// <returns>Its folder.</returns>
    public async Task<string> MakeAsync(string kind, string name, params string[] addresses)
    {
        await Command.RunAsync(PublishedProgram.Path, ["certificates", kind, name, "--ca", Authority, "--out", Of(kind, name), .. addresses.SelectMany(address => (string[])["--address", address])]);
        return Of(kind, name);
    }

    /// <summary>Where a machine's certificate is.</summary>
    public string Of(string kind, string name) => Path.Combine(folder, "certificates", $"{kind}-{name}");
}

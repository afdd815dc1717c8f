using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Networks;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Testing.Fleets;

/// <summary>A machine of a fleet with the process that runs on it.</summary>
/// <param name="Name">"c1", "h1".</param>
/// <param name="Network">Its place in the network, for cutting it off.</param>
/// <param name="Member">Its process.</param>
/// <param name="Engine">Its Docker engine; null for a control machine.</param>
/// <param name="Pages">Where a browser of this machine reaches its pages, or a host's health.</param>
public sealed record FleetMachine(string Name, Machine Network, FleetMember Member, PrivateEngine? Engine, Uri Pages)
{
    /// <summary>The docker command on its engine.</summary>
    public DockerCommand Docker => new(Engine!.Address);
}

using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Placement;

namespace OrleansWings.Silo.Hosting;

/// <summary>Whether this process does its work, for /health/ready and the "is ready" line.</summary>
public interface IWingsReadiness
{
    /// <summary>Null when ready; else what is still missing, in words.</summary>
    string? WhyNotReady { get; }
}

/// <summary>Ready is: the host has joined the cluster. An engine that is away is shown, but the program does its work.</summary>
internal sealed class WingsReadiness(IServiceProvider services) : IWingsReadiness
{
    public string? WhyNotReady
        => services.GetService<ClusterGate>() is { Waiting: { } waiting } ? waiting
            : services.GetService<HostReporter>() is not { HasJoined: false } ? null
            : services.GetService<ControlSilos>() is { IsAnyThere: false } ? "No control silo is in the cluster yet."
            : services.GetService<HostReporter>()?.Problem ?? "The host has not joined the cluster yet.";
}

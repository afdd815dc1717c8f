using OrleansWings.Hosts;
using OrleansWings.Silo.Consoles;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Hosting;

/// <summary>What a process of the cluster carries.</summary>
public enum WingsRole
{
    /// <summary>Everything in one process: one machine.</summary>
    All,

    /// <summary>The engine of this machine and its servers.</summary>
    Host,

    /// <summary>Dashboard, records and feeds.</summary>
    Control,
}

/// <summary>What the silo is told by the executable, already checked.</summary>
public sealed class WingsSiloOptions
{
    /// <summary>What this process carries. Default: all.</summary>
    public WingsRole Role { get; init; } = WingsRole.All;

    /// <summary>This machine's name in the cluster.</summary>
    public required HostId Host { get; init; }

    /// <summary>The data folder; exists and belongs to this process alone.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The engine's address: unix:///…, tcp://….</summary>
    public required Uri Engine { get; init; }

    /// <summary>The address or name that players connect to, without a port. Default: null, not known.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>How this machine runs its containers. Default: null, the defaults that this process can keep.</summary>
    public DockerHostOptions? Containers { get; init; }

    /// <summary>How this machine reads and keeps consoles. Default: null, the defaults.</summary>
    public ConsoleOptions? Consoles { get; init; }

    /// <summary>The fleet this process belongs to; null for one machine by itself, which only <see cref="WingsRole.All"/> can be.</summary>
    public FleetOptions? Fleet { get; init; }
}

using System.Globalization;

namespace OrleansWings.Allocations;

/// <summary>A range of ports on one address of a host, out of which servers are given theirs.</summary>
[GenerateSerializer, Immutable, Alias("allocation-pool")]
public sealed record AllocationPool
{
    /// <summary>An IPv4 or IPv6 address of the host; "0.0.0.0" is every IPv4 address.</summary>
    [Id(0)]
    public required string Address { get; init; }

    /// <summary>The lowest port, 1 to 65,535.</summary>
    [Id(1)]
    public required int FirstPort { get; init; }

    /// <summary>The highest port, not below the lowest.</summary>
    [Id(2)]
    public required int LastPort { get; init; }

    /// <summary>For operators. Default: empty.</summary>
    [Id(3)]
    public string Note { get; init; } = "";

    /// <summary>How many ports it has.</summary>
    public int Count => LastPort - FirstPort + 1;

    /// <summary>Every port of it.</summary>
    public IEnumerable<Allocation> Ports() => Enumerable.Range(FirstPort, Count).Select(port => new Allocation(Address, port));

    /// <summary>Whether a port is one of it: in its range, and on its address or one that its address covers.</summary>
    /// <param name="port">The port.</param>
    public bool Contains(Allocation port)
        => IsInRange(port) && new Allocation(Address, port.Port).Includes(port);

    /// <summary>Whether a port listens where one of it would.</summary>
    /// <param name="port">The port.</param>
    public bool Overlaps(Allocation port)
        => IsInRange(port) && new Allocation(Address, port.Port).Overlaps(port);

    /// <summary>Whether both have a port in common.</summary>
    /// <param name="other">The other pool.</param>
    public bool Overlaps(AllocationPool other)
        => FirstPort <= other.LastPort && other.FirstPort <= LastPort
            && new Allocation(Address, FirstPort).Overlaps(new Allocation(other.Address, FirstPort));

    /// <summary>Whether both are the same ports on the same address; notes do not count.</summary>
    /// <param name="other">The other pool.</param>
    public bool IsSameRange(AllocationPool other)
        => (Address, FirstPort, LastPort) == (other.Address, other.FirstPort, other.LastPort);

    /// <summary>"203.0.113.7:25565-25600", with brackets around an IPv6 address.</summary>
    public override string ToString()
        => FirstPort == LastPort ? $"{new Allocation(Address, FirstPort)}" : string.Create(CultureInfo.InvariantCulture, $"{new Allocation(Address, FirstPort)}-{LastPort}");

    private bool IsInRange(Allocation port) => port.Port >= FirstPort && port.Port <= LastPort;
}

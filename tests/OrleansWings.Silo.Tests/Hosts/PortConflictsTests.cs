using OrleansWings.Allocations;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class PortConflictsTests
{
    private static readonly (string Name, List<Allocation> Ports)[] s_held =
    [
        ("One", [new("203.0.113.7", 25565), new("203.0.113.7", 25566)]),
        ("Two", [new("0.0.0.0", 4000)]),
        ("None", []),
    ];

    [Fact]
    public void Find_OfHeldPorts_NamesTheFieldAndTheHolder()
        => Assert.Equal(
            [
                new SpecFault("Ports[0]", "0.0.0.0:25566 is held by the server One."),
                new SpecFault("Ports[2]", "198.51.100.1:4000 is held by the server Two."),
            ],
            PortConflicts.Find([new("0.0.0.0", 25566), new("198.51.100.1", 25565), new("198.51.100.1", 4000)], s_held));

    [Fact]
    public void Find_OfFreePorts_IsEmpty()
    {
        Assert.Empty(PortConflicts.Find([new("203.0.113.8", 25565), new("0.0.0.0", 4001)], s_held));
        Assert.Empty(PortConflicts.Find([], s_held));
        Assert.Empty(PortConflicts.Find([new("0.0.0.0", 1)], []));
    }
}

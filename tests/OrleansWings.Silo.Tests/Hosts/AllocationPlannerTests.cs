using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class AllocationPlannerTests
{
    private const string A = "203.0.113.7";
    private const string B = "203.0.113.8";

    private static readonly ImmutableArray<AllocationPool> s_pools = [Pool(A, 100, 103), Pool(B, 200, 209)];

    private static readonly (string Name, List<Allocation> Ports)[] s_held =
    [
        ("One", [new(A, 25565), new(A, 25566)]),
        ("Two", [new("0.0.0.0", 4000)]),
        ("None", []),
    ];

    [Fact]
    public void Named_Held_NamesTheFieldAndTheHolder()
        => Assert.Equal(
            [
                new SpecFault("Ports[0]", "0.0.0.0:25566 is held by the server One."),
                new SpecFault("Ports[2]", "198.51.100.1:4000 is held by the server Two."),
            ],
            Plan(Named(new("0.0.0.0", 25566), new("198.51.100.1", 25565), new("198.51.100.1", 4000)), [], s_held).Faults);

    [Fact]
    public void Named_Free_AreGivenAsTheyAre()
    {
        Assert.Equal([new(B, 25565), new("0.0.0.0", 4001)], Ports(Named(new(B, 25565), new("0.0.0.0", 4001)), [], s_held));
        Assert.Empty(Ports(Named(), [], s_held));
        Assert.Empty(Ports(Named(), s_pools));
    }

    [Fact]
    public void Named_HostHasPools_MustBeInOneOfThemUnlessHeldAlready()
    {
        var plan = Plan(Named(new(A, 100), new(A, 104), new("0.0.0.0", 100)), s_pools);

        Assert.Equal(
            [
                new SpecFault("Ports[1]", "203.0.113.7:104 is in none of the host's pools: 203.0.113.7:100-103, 203.0.113.8:200-209."),
                new SpecFault("Ports[2]", "0.0.0.0:100 is in none of the host's pools: 203.0.113.7:100-103, 203.0.113.8:200-209."),
            ],
            plan.Faults);
        Assert.Empty(plan.Ports);
        Assert.Equal([new(A, 104), new(A, 100)], Ports(Named(new(A, 104), new(A, 100)) with { Held = [new(A, 104)] }, s_pools));
        Assert.Equal([new(A, 104)], Ports(Named(new Allocation(A, 104)) with { IsReturning = true }, s_pools));
    }

    [Fact]
    public void Named_OfAPoolOfEveryAddress_MayBeOfOneOfThem()
        => Assert.Equal([new(B, 100)], Ports(Named(new Allocation(B, 100)), [Pool("0.0.0.0", 100, 101)]));

    [Fact]
    public void Count_TheLowestFreeOfTheFirstAddressThatHasEnough()
    {
        Assert.Equal([new(A, 100), new(A, 101), new(A, 102)], Ports(Count(3), s_pools));
        Assert.Equal([new(A, 101), new(A, 103)], Ports(Count(2), s_pools, ("X", [new(A, 100), new(A, 102)])));
        Assert.Equal([new(B, 200), new(B, 201), new(B, 202)], Ports(Count(3), s_pools, ("X", [new(A, 100), new(A, 102)])));
    }

    [Fact]
    public void Count_NoAddressHasEnough_TakesFromSeveral()
        => Assert.Equal(
            [new(A, 103), new(B, 209)],
            Ports(Count(2), s_pools, ("X", [.. Pool(A, 100, 102).Ports(), .. Pool(B, 200, 208).Ports()])));

    [Fact]
    public void Count_SomeAreNamed_TheRestIsGivenOnTheSameAddress()
    {
        Assert.Equal([new(B, 205), new(B, 200), new(B, 201)], Ports(Count(3) with { Named = [new(B, 205)] }, s_pools));
        Assert.Equal([new(A, 100), new(A, 101)], Ports(Count(2) with { Named = [new(A, 100)] }, s_pools));
        Assert.Equal([new(A, 100), new(A, 101)], Ports(Count(1) with { Named = [new(A, 100), new(A, 101)] }, s_pools));
    }

    [Fact]
    public void Count_HeldAlready_AreKept()
    {
        Assert.Equal([new(B, 207), new(B, 203)], Ports(Count(2) with { Held = [new(B, 207), new(B, 203)] }, s_pools));
        Assert.Equal([new(B, 207), new(B, 200)], Ports(Count(2) with { Held = [new(B, 207)] }, s_pools));
        Assert.Equal([new(B, 207)], Ports(Count(1) with { Held = [new(B, 207), new(B, 203)] }, s_pools));
        // Not one that it named itself before there were pools.
        Assert.Equal([new(A, 100)], Ports(Count(1) with { Held = [new(A, 25565)] }, s_pools));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Count_HeldOnEveryAddress_IsNotFreeOnAny(string ip)
        => Assert.Equal([new(A, 101)], Ports(Count(1), s_pools, ("X", [new(ip, 100)])));

    [Fact]
    public void Count_NamedOnEveryAddressFromBefore_IsNotGivenAgain()
        => Assert.Equal([new("0.0.0.0", 100), new(A, 101)], Ports(Count(2) with { Named = [new("0.0.0.0", 100)], Held = [new("0.0.0.0", 100)] }, s_pools));

    [Theory]
    [InlineData(0, "no free port in its pools.")]
    [InlineData(1, "3 ports are asked and 1 is free in its pools.")]
    [InlineData(2, "3 ports are asked and 2 are free in its pools.")]
    public void Count_TooFewAreFree_IsSaidWithBothNumbers(int free, string words)
    {
        var plan = Plan(Count(3), [Pool(A, 100, 109)], ("X", [.. Pool(A, 100, 109 - free).Ports()]));

        Assert.Equal(new SpecFault("PortCount", words), Assert.Single(plan.Faults));
        Assert.Empty(plan.Ports);
    }

    [Fact]
    public void Count_OneWantedBesideNamed_SaysOne()
        => Assert.Equal(
            "2 ports are asked and 1 is free in its pools.",
            Assert.Single(Plan(Count(3) with { Named = [new(A, 100)] }, [Pool(A, 100, 101)]).Faults).Message);

    [Fact]
    public void Count_NoPools_IsRefusedUnlessEnoughAreNamed()
    {
        Assert.Equal(
            new SpecFault("PortCount", "it has no pool of ports: name the ports, or give the host a pool."), Assert.Single(Plan(Count(2) with { Named = [new(A, 1)] }, []).Faults));
        Assert.Equal([new(A, 1)], Ports(Count(1) with { Named = [new(A, 1)] }, []));
    }

    [Fact]
    public void Returning_GivenPortsAreTaken_OthersComeInTheirPlaces()
    {
        var wish = new AllocationWish([new(A, 100), new(A, 101), new(A, 102)], 2, [], IsReturning: true);

        Assert.Equal([new(A, 100), new(A, 101), new(A, 102)], Ports(wish, s_pools));
        Assert.Equal([new(A, 103), new(A, 101), new(A, 102)], Ports(wish, s_pools, ("X", [new(A, 100)])));
        // What was named and not given is what players know: it is refused by name.
        Assert.Equal("203.0.113.7:100 is held by the server X.", Assert.Single(Plan(wish with { Count = 0 }, s_pools, ("X", [new(A, 100)])).Faults).Message);
    }

    [Fact]
    public void Count_ManyInTurn_NoneIsGivenTwiceAndNoneIsLeft()
    {
        var random = new Random(11);
        var servers = new List<(string Name, List<Allocation> Ports)>();
        for (var i = 0; ; i++)
        {
            var plan = Plan(Count(random.Next(1, 4)), s_pools, [.. servers]);
            if (plan.Ports.IsEmpty)
                break;
            servers.Add(($"{i}", [.. plan.Ports]));
            if (random.Next(5) == 0)
                servers.RemoveAt(random.Next(servers.Count));
        }

        var rest = Plan(Count(1), s_pools, [.. servers]);
        var given = servers.SelectMany(server => server.Ports).ToArray();
        Assert.Equal(given.Distinct(), given);
        Assert.True(rest.Ports.IsEmpty ? given.Length == 14 : given.Length > 10);
    }

    private static AllocationPlan Plan(AllocationWish wish, ImmutableArray<AllocationPool> pools, params (string Name, List<Allocation> Ports)[] others)
        => AllocationPlanner.Plan(wish, pools, others);

    private static ImmutableArray<Allocation> Ports(AllocationWish wish, ImmutableArray<AllocationPool> pools, params (string Name, List<Allocation> Ports)[] others)
    {
        var plan = Plan(wish, pools, others);
        Assert.Empty(plan.Faults);
        return plan.Ports;
    }

    private static AllocationWish Named(params Allocation[] ports) => new([.. ports], 0, []);

    private static AllocationWish Count(int count) => new([], count, []);

    private static AllocationPool Pool(string address, int first, int last) => new() { Address = address, FirstPort = first, LastPort = last };
}

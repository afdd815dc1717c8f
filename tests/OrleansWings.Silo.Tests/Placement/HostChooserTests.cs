using System.Collections.Immutable;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Placement;

namespace OrleansWings.Silo.Tests.Placement;

public sealed class HostChooserTests
{
    private static readonly DateTimeOffset s_since = new(2026, 5, 1, 12, 30, 59, TimeSpan.FromHours(2));

    private static ServerSpec Spec { get; } = new() { Name = "N", Image = "i", Startup = "s", Limits = new ServerLimits { MemoryMiB = 1024 } };

    /// <summary>What is changed of a host that fits, and the words.</summary>
    public static TheoryData<string, Func<HostSnapshot, HostSnapshot>, string> Reasons() => new()
    {
        { "silent", h => h with { Status = HostStatus.Silent, StatusSince = s_since }, "silent since 2026-05-01 10:30 UTC" },
        { "engine away", h => h with { Status = HostStatus.EngineUnreachable, StatusSince = s_since }, "its Docker engine has not answered since 2026-05-01 10:30 UTC" },
        { "a status of a newer version", h => h with { Status = (HostStatus)99, StatusSince = s_since }, "away since 2026-05-01 10:30 UTC" },
        { "maintenance", h => With(h, s => s with { Maintenance = new HostMaintenance("", s_since) }), "in maintenance since 2026-05-01 10:30 UTC" },
        { "maintenance with a note", h => With(h, s => s with { Maintenance = new HostMaintenance("new disk", s_since) }), "in maintenance since 2026-05-01 10:30 UTC (new disk)" },
        { "no label", h => With(h, s => s with { Labels = s.Labels.Remove("region") }), "lacks the label region=eu" },
        { "other label", h => With(h, s => s with { Labels = s.Labels.SetItem("region", "us") }), "lacks the label region=eu, it has region=us" },
        { "settings of an older version", h => h with { Settings = null }, "lacks the label region=eu" },
        { "memory promised", h => Capacity(h, c => c with { Memory = c.Memory with { Promised = 7892 } }), "1,024 MiB of memory are asked and 300 MiB are free (of 8,192 MiB × 1.0)" },
        { "memory in use", h => Capacity(h, c => c with { Memory = c.Memory with { Used = 8000 } }), "1,024 MiB of memory are asked and 192 MiB are free (of 8,192 MiB × 1.0)" },
        { "memory of too small a machine", h => Capacity(h, c => c with { Memory = c.Memory with { Factor = 0.1 } }), "1,024 MiB of memory are asked and 819 MiB are free (of 8,192 MiB × 0.1)" },
        { "cpu", h => Capacity(h, c => c with { Cpu = c.Cpu with { Promised = 750 } }), "200 % of CPU are asked and 50 % are free (of 400 % × 2.0)" },
        { "disk", h => Capacity(h, c => c with { Disk = c.Disk with { Used = 99_000, Factor = 1.25 } }), "50,000 MiB of disk are asked and 26,000 MiB are free (of 100,000 MiB × 1.25)" },
        {
            "two reasons",
            h => With(Capacity(h, c => c with { Memory = c.Memory with { Promised = 8192 } }), s => s with { Labels = s.Labels.Clear() }),
            "lacks the label region=eu; 1,024 MiB of memory are asked and 0 MiB are free (of 8,192 MiB × 1.0)"
        },
    };

    [Theory]
    [MemberData(nameof(Reasons), DisableDiscoveryEnumeration = true)]
    public void Choose_OneOfTwoCannot_TheOtherIsChosenAndTheReasonIsSaid(string name, Func<HostSnapshot, HostSnapshot> change, string reason)
    {
        Assert.NotEmpty(name);
        var spec = Spec with
        {
            Limits = new ServerLimits { MemoryMiB = 1024, CpuPercent = 200, DiskMiB = 50_000 },
            HostLabels = Spec.HostLabels.Add("region", "eu"),
        };

        var choice = Choose(spec, change(Host("a")), Host("b"));

        Assert.Equal([new HostId("b")], choice.Fitting);
        Assert.Equal($"a: {reason}", Assert.Single(choice.PassedOver).ToString());
    }

    [Fact]
    public void Choose_PortsThatCannotBeHad_AreAReason()
    {
        var faulty = new HostCandidate(Host("a"), [new SpecFault("Ports[0]", "0.0.0.0:1 is held by the server X."), new SpecFault("Ports[1]", "0.0.0.0:2 is held by the server Y.")]);

        var choice = HostChooser.Choose(Spec, [faulty, new HostCandidate(Host("b"), [])]);

        Assert.Equal([new HostId("b")], choice.Fitting);
        Assert.Equal("a: 0.0.0.0:1 is held by the server X; 0.0.0.0:2 is held by the server Y", Assert.Single(choice.PassedOver).ToString());
    }

    [Fact]
    public void Choose_NoneCan_EachSaysWhyInOrderOfNames()
    {
        var choice = Choose(Spec, With(Host("c"), s => s with { Maintenance = new HostMaintenance("", s_since) }), Host("b") with { Status = HostStatus.Silent }, Promised("a", 8192));

        Assert.Empty(choice.Fitting);
        Assert.Equal(["a", "b", "c"], choice.PassedOver.Select(over => over.Host.Value));
    }

    [Fact]
    public void Choose_NoCandidates_IsNone() => Assert.Empty(Choose(Spec).Fitting);

    [Theory]
    [InlineData(HostStatus.Silent)]
    [InlineData(HostStatus.EngineUnreachable)]
    [InlineData(HostStatus.Unknown)]
    public void Choose_TheOnlyHostOrANamedOneIsAway_ItIsMeantAndWaitsForIt(HostStatus status)
    {
        var away = Host("a") with { Status = status };

        Assert.Equal(["a"], Names(Choose(Spec, away)));
        Assert.Equal(["a"], Names(Choose(Spec with { Host = away.Id }, away)));
    }

    [Fact]
    public void Choose_ANamedHostInMaintenanceOrFull_IsRefusedAllTheSame()
    {
        var spec = Spec with { Host = new HostId("a") };

        Assert.StartsWith("a: in maintenance since", Assert.Single(Choose(spec, With(Host("a"), s => s with { Maintenance = new HostMaintenance("", s_since) })).PassedOver).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("a: 1,024 MiB of memory are asked", Assert.Single(Choose(spec, Promised("a", 8000)).PassedOver).ToString(), StringComparison.Ordinal);
        Assert.Equal("a: lacks the label region=eu", Assert.Single(Choose(spec with { HostLabels = Spec.HostLabels.Add("region", "eu") }, Host("a") with { Settings = new HostSettings() }).PassedOver).ToString());
    }

    [Fact]
    public void Choose_TheOnlyHostsMachineIsBusyWithOthers_OnlyPromisesCount()
        => Assert.Equal(["a"], Names(Choose(Spec, Capacity(Host("a"), c => c with { Memory = c.Memory with { Used = 8192 } }))));

    [Fact]
    public void Choose_Unlimited_IsRefusedByNoHostAndTakesTheOneThatHasMost()
    {
        var unlimited = Spec with { Limits = new ServerLimits() };

        Assert.Equal(["a"], Names(Choose(unlimited, Promised("a", 9000))));
        Assert.Equal(["b", "a"], Names(Choose(unlimited, Promised("a", 8192), Promised("b", 8000))));
    }

    [Theory]
    [InlineData(ServerPlacement.Spread, new[] { "c", "d", "b", "a" })]
    [InlineData(ServerPlacement.Pack, new[] { "d", "c", "b", "a" })]
    public void Choose_ServersWithoutALimit_AreReckonedWithInTheRankingOnly(ServerPlacement placement, string[] expected)
    {
        var choice = Choose(Spec with { Placement = placement }, Expected("a", 40 * 512), Expected("b", 20 * 512), Expected("c", 512), Expected("d", 2 * 512));

        Assert.Equal(expected, Names(choice));
    }

    [Fact]
    public void Choose_ExactlyWhatIsLeft_Fits()
        => Assert.Equal(["a"], Names(Choose(Spec, Promised("a", 8192 - 1024))));

    [Fact]
    public void Choose_AMachineThatIsNotKnown_IsNotRefusedForIt()
    {
        Assert.Equal(["b", "a"], Names(Choose(Spec, Host("a") with { Capacity = null }, Host("b"))));
        Assert.Equal(["a"], Names(Choose(Spec, Host("a") with { Capacity = new HostCapacity() })));
    }

    [Fact]
    public void Choose_Spread_TheMostFreeFirst()
        => Assert.Equal(["b", "c", "a"], Names(Choose(Spec, Promised("a", 6000), Promised("b", 1000), Promised("c", 3000))));

    [Fact]
    public void Choose_Pack_TheLeastFreeThatFitsFirst()
        => Assert.Equal(["a", "c", "b"], Names(Choose(Spec with { Placement = ServerPlacement.Pack }, Promised("a", 6000), Promised("b", 1000), Promised("c", 3000), Promised("d", 8000))));

    [Theory]
    [InlineData(ServerPlacement.Spread)]
    [InlineData(ServerPlacement.Pack)]
    public void Choose_Equals_ByName(ServerPlacement placement)
        => Assert.Equal(["a", "b", "c"], Names(Choose(Spec with { Placement = placement }, Host("c"), Host("a"), Host("b"))));

    [Fact]
    public void Choose_Shares_AreOfEachMachineNotSums()
    {
        var large = Capacity(Host("large"), c => c with { Memory = c.Memory with { Total = 65_536, Promised = 40_000 } });

        Assert.Equal(["small", "large"], Names(Choose(Spec, large, Promised("small", 2000))));
    }

    [Fact]
    public void Choose_MeasuredLoad_CountsWhereItIsMoreThanThePromises()
    {
        var busyMemory = Capacity(Host("a"), c => c with { Memory = c.Memory with { Used = 6000 } });
        var busyCpu = Capacity(Host("b"), c => c with { Cpu = c.Cpu with { Used = 390 } });

        Assert.Equal(["c", "a", "b"], Names(Choose(Spec, busyMemory, busyCpu, Promised("c", 4000))));
    }

    [Fact]
    public void Choose_TheScarcerOfMemoryAndCpu_Decides()
    {
        var fewCores = Capacity(Host("a"), c => c with { Cpu = c.Cpu with { Promised = 700 } });

        Assert.Equal(["b", "a"], Names(Choose(Spec, fewCores, Promised("b", 5000))));
    }

    [Theory]
    [InlineData(ServerPlacement.Spread)]
    [InlineData(ServerPlacement.Pack)]
    public void Choose_AHostNotHeardOfYet_IsTheLastResort(ServerPlacement placement)
        => Assert.Equal(["b", "a"], Names(Choose(Spec with { Placement = placement }, Promised("a", placement == ServerPlacement.Pack ? 5000 : 0) with { Status = HostStatus.Unknown }, Promised("b", 2000))));

    private static HostChoice Choose(ServerSpec spec, params HostSnapshot[] hosts)
        => HostChooser.Choose(spec, [.. hosts.Select(host => new HostCandidate(host, []))]);

    private static IEnumerable<string> Names(HostChoice choice) => choice.Fitting.Select(host => host.Value);

    private static HostSnapshot Host(string name) => new()
    {
        Id = new HostId(name),
        Status = HostStatus.Ready,
        Settings = new HostSettings { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("region", "eu") },
        Capacity = new HostCapacity
        {
            Memory = new CapacityShare { Total = 8192 },
            Cpu = new CapacityShare { Total = 400, Factor = 2 },
            Disk = new CapacityShare { Total = 100_000 },
        },
    };

    private static HostSnapshot Promised(string name, long memory) => Capacity(Host(name), c => c with { Memory = c.Memory with { Promised = memory } });

    private static HostSnapshot Expected(string name, long memory) => Capacity(Host(name), c => c with { Memory = c.Memory with { Expected = memory } });

    private static HostSnapshot With(HostSnapshot host, Func<HostSettings, HostSettings> change) => host with { Settings = change(host.Settings!) };

    private static HostSnapshot Capacity(HostSnapshot host, Func<HostCapacity, HostCapacity> change) => host with { Capacity = change(host.Capacity!) };
}

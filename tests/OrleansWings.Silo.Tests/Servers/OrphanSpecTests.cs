using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>What a container tells of the wish that it was made of.</summary>
public sealed class OrphanSpecTests
{
    private static readonly ServerSpec s_spec = ServerSamples.Spec with
    {
        Image = "registry.example/game:1",
        TimeZone = "Europe/Berlin",
        Ports = [new("203.0.113.7", 25566), new("203.0.113.7", 25565), new("0.0.0.0", 27000)],
        Environment = ServerSamples.Spec.Environment.Add("MAP", "a=b").Add("EMPTY", ""),
        Labels = ServerSamples.Spec.Labels.Add("team", "a"),
        Mounts = [new("/srv/maps", "/maps")],
        Limits = new ServerLimits { MemoryMiB = 512, SwapMiB = 128, CpuPercent = 150, CpuSet = "0", ProcessLimit = 100, IoWeight = 400, IsOomKillDisabled = true },
    };

    [Fact]
    public void Of_WhatWasMadeOfASpec_IsThatSpec_ButForWhatNoContainerTells()
    {
        var read = OrphanSpec.Of(ServerSamples.Id, Make(s_spec), Image(), "/data/identities");

        Assert.Equal("Adopted 0197e4a0", read.Name);
        Assert.Equal(StopRule.Default, read.Stop);
        Assert.Equal(ServerContainer.Hash(s_spec), ServerContainer.Hash(read));
        Assert.Equal([new("203.0.113.7", 25566), new("203.0.113.7", 25565), new("0.0.0.0", 27000)], read.Ports);
        Assert.Empty(ServerSpecValidator.Validate(read));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(256, 0)]
    [InlineData(256, -1)]
    public void Of_Memory_IsReadBack(long memory, long swap)
    {
        var limits = new ServerLimits { MemoryMiB = memory, SwapMiB = swap };

        Assert.Equal(limits, OrphanSpec.Of(ServerSamples.Id, Make(s_spec with { Limits = limits }), Image(), "/data/identities").Limits);
    }

    [Fact]
    public void Of_WhatTheImageSays_IsNotTheUsersWish()
    {
        var read = OrphanSpec.Of(ServerSamples.Id, Make(s_spec), Image(), "/data/identities");

        Assert.Equal(["EMPTY", "MAP"], read.Environment.Keys);
        Assert.Equal(["team"], read.Labels.Keys);
        Assert.Empty(read.Command);
    }

    [Fact]
    public void Of_ImageGone_KeepsWhatMayBeTheUsers()
    {
        var read = OrphanSpec.Of(ServerSamples.Id, Make(s_spec), null, "/data/identities");

        Assert.Equal(["EMPTY", "MAP", "PATH"], read.Environment.Keys);
        Assert.Equal(["/bin/game"], read.Command);
        Assert.Empty(ServerSpecValidator.Validate(read));
    }

    [Fact]
    public void Of_AnImageThatIsNeverPulled_IsThatAgain()
    {
        var local = s_spec with { Image = "~game:1" };

        Assert.Equal("~game:1", OrphanSpec.Of(ServerSamples.Id, Make(local), Image(), "/data/identities").Image);
        // With more to the wish than a container tells, by whether a registry has it.
        var limited = local with { Limits = local.Limits with { DiskMiB = 100 } };
        Assert.Equal("~game:1", OrphanSpec.Of(ServerSamples.Id, Make(limited), Image(), "/data/identities").Image);
        Assert.Equal("game:1", OrphanSpec.Of(ServerSamples.Id, Make(limited), Image() with { Digests = ["game@sha256:7"] }, "/data/identities").Image);
    }

    [Fact]
    public void Of_AContainerOnTheBridgeOfItsAddress_SendsFromItAgain()
    {
        var forced = s_spec with { IsOutgoingIpForced = true };
        var made = Make(forced) with { NetworkMode = "ip-203-0-113-7" };

        Assert.True(OrphanSpec.Of(ServerSamples.Id, made, Image(), "/data/identities").IsOutgoingIpForced);
        Assert.False(OrphanSpec.Of(ServerSamples.Id, Make(s_spec), Image(), "/data/identities").IsOutgoingIpForced);
    }

    [Fact]
    public void Of_ACommandOfItsOwn_IsKept()
        => Assert.Equal(["./other", "-x"], OrphanSpec.Of(ServerSamples.Id, Make(s_spec with { Command = ["./other", "-x"] }), Image(), "/data/identities").Command);

    [Fact]
    public void Of_AStrangersContainer_CannotBe()
    {
        var stranger = Make(s_spec) with { Making = new ContainerMaking() };

        Assert.Contains(ServerSpecValidator.Validate(OrphanSpec.Of(ServerSamples.Id, stranger, null, "/data/identities")), fault => fault.Field == "Startup");
    }

    private static ImageState Image() => new("sha256:1", ["registry.example/game:1"], 1)
    {
        Environment = new Dictionary<string, string> { ["PATH"] = "/bin", ["HOME"] = "/home/container" },
        Labels = new Dictionary<string, string> { ["made-of"] = "busybox" },
        Command = ["/bin/game"],
    };

    // As the engine tells it: with what the image adds, the ports in no order, and the platform's own mounts.
    private static ContainerState Make(ServerSpec spec)
    {
        var made = ServerContainer.Build(ServerSamples.With(_ => spec), 12, Guid.NewGuid(), "/data/volumes/one", spec.Mounts, null, new DockerHostOptions());
        return new ContainerState
        {
            Id = new ContainerId("1a2b"),
            Name = made.Name,
            Image = made.Image,
            Labels = new Dictionary<string, string>(made.Labels) { ["made-of"] = "busybox" },
            Limits = made.Limits,
            Making = new ContainerMaking
            {
                Environment = new Dictionary<string, string>(made.Environment) { ["PATH"] = "/bin", ["HOME"] = "/home/container" },
                Command = made.Command.Count == 0 ? ["/bin/game"] : made.Command,
                Ports = [.. made.Ports.OrderBy(port => port.Port)],
                Mounts = [.. made.Mounts, new BindMount("/data/identities/one/machine-id", "/etc/machine-id", IsReadOnly: true)],
            },
        };
    }
}

using System.Net;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The seed's configuration, field by field.</summary>
public sealed class ServerContainerTests
{
    private static readonly Guid s_cluster = Guid.Parse("0197e4a0-0000-7000-8000-00000000c1c1");

    [Fact]
    public void Build_OfAPlainSpec_HasEveryFieldOfTheSeed()
    {
        var container = Build(ServerSamples.Spec with
        {
            Image = "~local/game:1",
            Ports = [new("203.0.113.7", 25565), new("0.0.0.0", 25566)],
            Mounts = [new("/srv/maps", "/maps")],
        });

        Assert.Equal(ServerSamples.Id.ToString(), container.Name);
        Assert.Equal(("local/game:1", "988:988", "orleanswings0", 100), (container.Image, container.User, container.NetworkMode, container.TmpfsMiB));
        Assert.True(container.IsReadOnlyRoot);
        Assert.Empty(container.Command);
        Assert.Equal([new PortBinding("203.0.113.7", 25565), new PortBinding("0.0.0.0", 25566)], container.Ports);
        Assert.Equal([new BindMount("/data/volume", "/home/container", false), new BindMount("/srv/maps", "/maps", true)], container.Mounts);
        Assert.Equal("local", container.LogDriver);
    }

    [Fact]
    public void Build_OfAnySpec_MarksTheContainerAsOurs()
    {
        var labels = Build(ServerSamples.Spec).Labels;

        Assert.Equal(
            ["orleanswings.cluster", "orleanswings.epoch", "orleanswings.kind", "orleanswings.run", "orleanswings.server-id", "orleanswings.spec"],
            labels.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            (s_cluster.ToString("D"), "1", "server", "12", ServerSamples.Id.ToString()),
            (labels[ContainerLabels.Cluster], labels[ContainerLabels.Epoch], labels[ContainerLabels.Kind], labels[ContainerLabels.Run], labels[ContainerLabels.ServerId]));
        Assert.Equal(labels[ContainerLabels.Spec], Build(ServerSamples.Spec).Labels[ContainerLabels.Spec]);
        Assert.NotEqual(labels[ContainerLabels.Spec], Build(ServerSamples.Spec with { Startup = "./other" }).Labels[ContainerLabels.Spec]);
    }

    [Fact]
    public void Build_OfLabels_TheUsersAreThereAndThePlatformsWin()
    {
        var labels = Build(ServerSamples.Spec with { Labels = ServerSamples.Spec.Labels.Add("team", "a").Add(ContainerLabels.Run, "99") }).Labels;

        Assert.Equal(("a", "12"), (labels["team"], labels[ContainerLabels.Run]));
    }

    [Fact]
    public void Build_OfTheEnvironment_ThePlatformsNamesWin()
    {
        var environment = Build(ServerSamples.Spec with
        {
            Environment = ServerSamples.Spec.Environment.Add("STARTUP", "evil").Add("SERVER_PORT", "1").Add("GAME", "x"),
            TimeZone = "Europe/Berlin",
            Limits = new ServerLimits { MemoryMiB = 2048 },
            Ports = [new("203.0.113.7", 25565), new("0.0.0.0", 1)],
        }).Environment;

        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["GAME"] = "x",
                ["STARTUP"] = "./run",
                ["TZ"] = "Europe/Berlin",
                ["SERVER_MEMORY"] = "2048",
                ["SERVER_IP"] = "203.0.113.7",
                ["SERVER_PORT"] = "25565",
            },
            new SortedDictionary<string, string>(environment.ToDictionary()));
    }

    [Theory]
    [InlineData("127.0.0.1", "172.18.0.1", "172.18.0.1")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("0.0.0.0", "172.18.0.1", "0.0.0.0")]
    [InlineData(null, "172.18.0.1", "0.0.0.0")]
    public void Build_OfServerIp_TurnsLoopbackIntoTheNetworksGateway(string? ip, string? gateway, string expected)
    {
        var environment = Build(ServerSamples.Spec with { Ports = ip is null ? [] : [new(ip, 5)] }, gateway).Environment;

        Assert.Equal((expected, ip is null ? "0" : "5"), (environment["SERVER_IP"], environment["SERVER_PORT"]));
    }

    [Fact]
    public void Build_WithOtherOptions_UsesThem()
    {
        var options = new DockerHostOptions { UserId = 1000, GroupId = 1001, Network = "games", TmpfsMiB = 7 };

        var container = ServerContainer.Build(ServerSamples.Assignment, 1, s_cluster, "/v", [], null, options);

        Assert.Equal(("1000:1001", "games", 7), (container.User, container.NetworkMode, container.TmpfsMiB));
    }

    [Fact]
    public void Build_WithTheHostsSettings_PassesThemOn()
    {
        var options = new DockerHostOptions
        {
            Rootless = (0, 1),
            Dns = [IPAddress.Parse("192.0.2.53"), IPAddress.Parse("2001:db8::53")],
            DomainName = "games.test",
            LogDriver = "json-file",
            LogOptions = new Dictionary<string, string> { ["max-size"] = "5m" },
            UsernsMode = "host",
            HasInit = true,
        };

        var container = ServerContainer.Build(ServerSamples.Assignment, 1, s_cluster, "/v", [], null, options);

        Assert.Equal(("0:1", "games.test", "json-file", "host", true), (container.User, container.DomainName, container.LogDriver, container.UsernsMode, container.HasInit));
        Assert.Equal(["192.0.2.53", "2001:db8::53"], container.Dns);
        Assert.Same(options.LogOptions, container.LogOptions);
    }

    [Fact]
    public void Hash_OfWhatCountsAtOnce_IsTheSame()
    {
        var spec = ServerSamples.Spec;
        Assert.All(
            (ServerSpec[])[
                spec with { Name = "other" }, spec with { Stop = new StopRule { Kind = StopKind.Signal, Value = "INT" } }, spec with { RestartOnCrash = !spec.RestartOnCrash },
                spec with { StartPriority = 9 }, spec with { Host = new("other") }, spec with { Placement = ServerPlacement.Pack }, spec with { PortCount = 3 },
            ],
            other => Assert.Equal(ServerContainer.Hash(spec), ServerContainer.Hash(other)));
    }

    [Fact]
    public void Hash_OfWhatTheContainerIsMadeOf_IsAnother()
    {
        var spec = ServerSamples.Spec;
        ServerSpec[] others =
        [
            spec, spec with { Image = "other" }, spec with { Startup = "other" }, spec with { Command = ["other"] }, spec with { DoneLines = ["other"] }, spec with { TimeZone = "Asia/Tokyo" },
            spec with { Environment = spec.Environment.Add("OTHER", "1") }, spec with { Limits = spec.Limits with { CpuPercent = 77 } }, spec with { Ports = [new("0.0.0.0", 7)] },
            spec with { Mounts = [new("/a", "/b", false)] },
        ];
        Assert.Equal(others.Length, others.Select(ServerContainer.Hash).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 512, 0, 0)]
    [InlineData(1024, 0, 1_073_741_824, 1_073_741_824)]
    [InlineData(1024, 512, 1_073_741_824, 1_610_612_736)]
    [InlineData(1024, -1, 1_073_741_824, -1)]
    public void BuildLimits_OfMemoryAndSwap_AreBinaryMiB(long memory, long swap, long bytes, long withSwap)
    {
        var limits = ServerContainer.BuildLimits(new ServerLimits { MemoryMiB = memory, SwapMiB = swap });

        Assert.Equal((bytes, bytes, withSwap), (limits.MemoryBytes, limits.MemoryReservationBytes, limits.MemorySwapBytes));
    }

    [Fact]
    public void BuildLimits_OfTheRest_AreTheSeedsUnits()
    {
        var limits = ServerContainer.BuildLimits(new ServerLimits { CpuPercent = 250, CpuSet = "0-3", ProcessLimit = 99, IoWeight = 10 });

        Assert.Equal((250_000L, "0-3", 99L, (ushort)10), (limits.CpuQuota, limits.CpuSet, limits.ProcessLimit, limits.IoWeight));
        Assert.Equal((0L, "", 512L, (ushort)500), ServerContainer.BuildLimits(new ServerLimits()) is var none ? (none.CpuQuota, none.CpuSet, none.ProcessLimit, none.IoWeight) : default);
    }

    private static ContainerSpec Build(ServerSpec spec, string? gateway = "172.18.0.1")
        => ServerContainer.Build(ServerSamples.Assignment with { Spec = spec }, 12, s_cluster, "/data/volume", spec.Mounts, new NetworkState("id", "orleanswings0", "bridge", [], gateway is null ? [] : [gateway], new Dictionary<string, string>()), new DockerHostOptions());
}

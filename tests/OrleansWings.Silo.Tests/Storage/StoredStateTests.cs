using System.Collections.Immutable;
using System.Text.Json;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Fleets;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Storage;
using OrleansWings.Silo.Tests.Servers;

namespace OrleansWings.Silo.Tests.Storage;

/// <summary>What is on disks already must be read for ever: a rename in code must not rename here.</summary>
public sealed class StoredStateTests
{
    private const string Text = """
        {"schema":1,"assignment":{"server":"0197e4a0-0000-7000-8000-000000000001","host":"eu-1","epoch":2,"version":9,"spec":{"name":"N","image":"i:1","startup":"s","command":["a"],"stop":{"kind":"Native","value":"v","grace":"00:00:05"},"doneLines":["d"],"environment":{"K":"v"},"limits":{"memoryMiB":1,"swapMiB":2,"cpuPercent":3,"cpuSet":"4","processLimit":5,"ioWeight":6,"diskMiB":7,"isOomKillDisabled":true},"ports":[{"ip":"0.0.0.0","port":8}],"mounts":[{"source":"/a","target":"/b","isReadOnly":false}],"host":"eu-1","timeZone":"Z","restartOnCrash":false,"startPriority":10,"hostLabels":{"region":"eu"},"placement":"Pack","portCount":9,"labels":{"team":"a"},"isOutgoingIpForced":true},"deletedAt":"2026-05-01T12:00:00+00:00","lastRun":2},"appliedVersion":8,"appliedPorts":[{"ip":"0.0.0.0","port":7}],"appliedDoneLines":["e"],"appliedSpec":"abc","appliedParts":{"Image":"f"},"appliedLimits":{"memoryMiB":8,"swapMiB":0,"cpuPercent":0,"cpuSet":"","processLimit":512,"ioWeight":500,"diskMiB":0,"isOomKillDisabled":false},"toldMemoryMiB":9,"limitProblem":"p","power":"Stopping","powerSince":"2026-05-01T12:00:00+00:00","isRestarting":true,"isKilling":true,"run":3,"startedAt":"2026-05-01T12:00:00+00:00","stopDeadline":"2026-05-01T12:00:00+00:00","problem":{"message":"m","at":"2026-05-01T12:00:00+00:00","isStopReason":true},"lastExit":{"code":1,"isOutOfMemory":true,"at":"2026-05-01T12:00:00+00:00","wasAskedFor":true},"lastCrashRestart":"2026-05-01T12:00:00+00:00","revision":4,"deletedVersion":5}
        """;

    private static readonly DateTimeOffset s_at = ServerSamples.Now;

    private static ServerState Full { get; } = new()
    {
        Assignment = new ServerAssignment
        {
            Server = ServerSamples.Id,
            Host = ServerSamples.Host,
            Epoch = 2,
            Version = 9,
            DeletedAt = s_at,
            LastRun = 2,
            Spec = new ServerSpec
            {
                Name = "N",
                Image = "i:1",
                Startup = "s",
                Command = ["a"],
                Stop = new StopRule { Kind = StopKind.Native, Value = "v", Grace = TimeSpan.FromSeconds(5) },
                DoneLines = ["d"],
                Environment = ServerSamples.Spec.Environment.Add("K", "v"),
                Limits = new ServerLimits { MemoryMiB = 1, SwapMiB = 2, CpuPercent = 3, CpuSet = "4", ProcessLimit = 5, IoWeight = 6, DiskMiB = 7, IsOomKillDisabled = true },
                Ports = [new("0.0.0.0", 8)],
                Mounts = [new("/a", "/b", IsReadOnly: false)],
                Host = ServerSamples.Host,
                TimeZone = "Z",
                RestartOnCrash = false,
                StartPriority = 10,
                HostLabels = ServerSamples.Spec.HostLabels.Add("region", "eu"),
                Placement = ServerPlacement.Pack,
                PortCount = 9,
                Labels = ServerSamples.Spec.Labels.Add("team", "a"),
                IsOutgoingIpForced = true,
            },
        },
        AppliedVersion = 8,
        AppliedPorts = [new("0.0.0.0", 7)],
        AppliedDoneLines = ["e"],
        AppliedSpec = "abc",
        AppliedParts = ImmutableSortedDictionary<string, string>.Empty.Add("Image", "f"),
        AppliedLimits = new ServerLimits { MemoryMiB = 8 },
        ToldMemoryMiB = 9,
        LimitProblem = "p",
        Power = PowerState.Stopping,
        PowerSince = s_at,
        IsRestarting = true,
        IsKilling = true,
        Run = 3,
        StartedAt = s_at,
        StopDeadline = s_at,
        Problem = new ServerProblem("m", s_at) { IsStopReason = true },
        LastExit = new ServerExit(1, true, s_at, true),
        LastCrashRestart = s_at,
        Revision = 4,
        DeletedVersion = 5,
    };

    [Fact]
    public void ServerState_WithEveryMemberSet_IsWrittenAsEver()
        => Assert.Equal(Text, JsonSerializer.Serialize(Full, WingsJson.Options));

    [Fact]
    public void ServerState_AsEverWritten_IsReadWhole()
    {
        var read = ServerStateSchema.Read(Text);

        Assert.Equal(Text, JsonSerializer.Serialize(read, WingsJson.Options));
        Assert.True(read.IsDeleted && read.HasProcess);
    }

    [Fact]
    public void ServerState_OfAnOlderProgramThatKnewLess_GetsTheDefaults()
    {
        var read = ServerStateSchema.Read("""
            {"assignment":{"server":"0197e4a0-0000-7000-8000-000000000001","host":"eu-1","spec":{"name":"N","image":"i","startup":"s"}},"somethingNew":1}
            """);

        Assert.Equal((PowerState.Offline, 0, ServerState.CurrentSchema), (read.Power, read.Run, read.Schema));
        Assert.Equal(StopRule.Default, read.Assignment.Spec.Stop);
        Assert.Equal(512, read.Assignment.Spec.Limits.ProcessLimit);
    }

    [Fact]
    public void Serializer_WithEachRecord_ReadsWhatItWrote()
    {
        var serializer = new StoredStateSerializer();
        var host = new HostRecord { Servers = { [ServerSamples.Id] = new HostedServerRecord("N", [new("0.0.0.0", 1)], IsDeleted: true) }, Facts = Facts(), Settings = s_settings, Notes = s_settings.Labels.Clear().Add("0.0.0.0:1", "query") };
        var fleet = new FleetRecord { Hosts = [ServerSamples.Host], ClusterId = ServerSamples.Id.Value };
        var server = new ServerRecord { Assignment = Full.Assignment, CreatedAt = s_at };

        Assert.Equal(
            """{"schema":1,"servers":{"0197e4a0-0000-7000-8000-000000000001":{"name":"N","ports":[{"ip":"0.0.0.0","port":1}],"isDeleted":true}},"facts":{"engineVersion":"28","apiVersion":"1.51","operatingSystem":"Debian","cores":2,"memoryBytes":3,"cgroupVersion":"2","diskBytes":4},"settings":{"labels":{"region":"eu"},"maintenance":{"note":"disk","since":"2026-05-01T12:00:00+00:00"},"overCommit":{"memory":1,"cpu":2,"disk":1},"pools":[{"address":"0.0.0.0","firstPort":1,"lastPort":2,"note":""}]},"notes":{"0.0.0.0:1":"query"}}""",
            serializer.Serialize(host).ToString());
        Assert.Equal("""{"schema":1,"hosts":["eu-1"],"clusterId":"0197e4a0-0000-7000-8000-000000000001","removed":{}}""", serializer.Serialize(fleet).ToString());
        Assert.True(Assert.Single(serializer.Deserialize<HostRecord>(serializer.Serialize(host))!.Servers).Value.IsDeleted);
        Assert.Equal(ServerSamples.Host, Assert.Single(serializer.Deserialize<FleetRecord>(serializer.Serialize(fleet))!.Hosts));
        Assert.Equal(serializer.Serialize(server).ToString(), serializer.Serialize(serializer.Deserialize<ServerRecord>(serializer.Serialize(server))).ToString());
    }

    [Fact]
    public void Serializer_WithANewerSchemaOrNothing_RefusesIt()
    {
        var serializer = new StoredStateSerializer();

        Assert.Equal(
            "A stored HostRecord has schema 2, written by a newer version than this one.",
            Assert.Throws<NotSupportedException>(() => serializer.Deserialize<HostRecord>(new BinaryData("""{"schema":2}"""))).Message);
        Assert.Equal("A stored HostRecord is empty.", Assert.Throws<JsonException>(() => serializer.Deserialize<HostRecord>(new BinaryData("null"))).Message);
    }

    private static HostFacts Facts() => new()
    {
        EngineVersion = "28",
        ApiVersion = "1.51",
        OperatingSystem = "Debian",
        Cores = 2,
        MemoryBytes = 3,
        CgroupVersion = "2",
        DiskBytes = 4,
    };

    private static readonly HostSettings s_settings = new()
    {
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("region", "eu"),
        Maintenance = new HostMaintenance("disk", s_at),
        Pools = [new AllocationPool { Address = "0.0.0.0", FirstPort = 1, LastPort = 2 }],
    };
}

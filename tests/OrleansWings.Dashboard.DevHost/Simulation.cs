using System.Collections.Immutable;
using System.Text;
using OrleansWings.Allocations;
using OrleansWings.Consoles;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Usages;

namespace OrleansWings.Dashboard.DevHost;

/// <summary>Lets the fake fleet live: servers start and stop, chat, and use their machine.</summary>
internal sealed class Simulation(FakeFleet fleet, FakeFleetOptions options, TimeProvider time) : BackgroundService
{
    private static readonly string[] s_games = ["Survival", "Creative", "Lobby", "Skyblock", "Factory", "Valheim", "Rust weekly", "Arena"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HostId[] hosts = [new("eu-1"), new("eu-2"), new("us-1")];
        if (options.Servers > 0)
            AddHosts(hosts);
        else
            fleet.Add(Host(hosts[0], HostStatus.Ready));
        for (var i = 0; i < options.Servers; i++)
            AddServer(i, hosts[i % 3]);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var update = ImmutableArray.CreateBuilder<ServerListing>();
            foreach (var server in fleet.Servers)
            {
                Step(server);
                update.Add(server.Listing);
            }

            fleet.Publish(new FleetUpdate { Servers = update.ToImmutable() });
        }
    }

    private void AddHosts(HostId[] hosts)
    {
        var pools = new HostSettings { Pools = [new() { Address = "0.0.0.0", FirstPort = 25_565, LastPort = 25_700, Note = "games" }, new() { Address = "0.0.0.0", FirstPort = 35_565, LastPort = 35_700 }] };
        fleet.Add(Host(hosts[0], HostStatus.Ready) with { Settings = pools with { Labels = pools.Labels.Add("region", "eu").Add("disk", "nvme") } });
        fleet.Add(Host(hosts[1], HostStatus.Ready) with
        {
            Settings = pools with
            {
                Labels = pools.Labels.Add("region", "eu"),
                Maintenance = new HostMaintenance("new disk, until Friday", time.GetUtcNow().AddHours(-3)),
                OverCommit = new OverCommit { Memory = 1.5 },
            },
        });
        fleet.Add(Host(hosts[2], HostStatus.Silent) with { Problem = "Nothing was heard of it for 48 s.", Load = null, Facts = null, Capacity = null });
    }

    private HostSnapshot Host(HostId id, HostStatus status) => new()
    {
        Id = id,
        Status = status,
        StatusSince = time.GetUtcNow(),
        ServerCount = options.Servers / 3,
        Facts = new HostFacts { EngineVersion = "28.5.1", ApiVersion = "1.51", OperatingSystem = "Debian GNU/Linux 12 (bookworm)", Cores = 16, MemoryBytes = 64L << 30, CgroupVersion = "2" },
        Load = new HostLoad { CpuPercent = 420, MemoryBytes = 21L << 30, DiskFreeBytes = 600L << 30, ServersCpuPercent = 390, ServersMemoryBytes = 18L << 30 },
        Capacity = options.Servers == 0 ? null : new HostCapacity
        {
            Memory = new() { Total = 65_536, Factor = id.Value == "eu-2" ? 1.5 : 1, Promised = id.Value == "eu-2" ? 94_000 : 40_960, Used = 21_504 },
            Cpu = new() { Total = 1600, Factor = 2, Promised = 1200, Used = 420 },
            Disk = new() { Total = 900_000, Promised = 400_000, Used = 300_000 },
            PoolPorts = 272,
            FreePoolPorts = 250,
        },
    };

    private void AddServer(int i, HostId host)
    {
        var server = fleet.Add(new ServerSpec
        {
            Name = $"{s_games[i % s_games.Length]} {i / s_games.Length + 1}",
            Image = "ghcr.io/pterodactyl/yolks:java_21",
            Startup = "java -Xms128M -XX:MaxRAMPercentage=95.0 -jar server.jar nogui",
            Stop = new StopRule { Kind = StopKind.Command, Value = "stop" },
            DoneLines = [")! For help, type"],
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("EULA", "true").Add("MINECRAFT_VERSION", "1.21"),
            Limits = new ServerLimits { MemoryMiB = i % 2 == 0 ? 2048 : 0, CpuPercent = 200 },
            Ports = [new Allocation("0.0.0.0", 25_565 + i), .. i % 4 == 0 ? [new Allocation("0.0.0.0", 35_565 + i)] : ImmutableArray<Allocation>.Empty],
        }, host, new ServerId(new Guid(i + 1, 0, 0, new byte[8])));
        if (i % 5 != 3)
        {
            server.Journal.BeginRun(1);
            server.Enter(PowerState.Starting);
            server.Journal.Write("Pulling image ghcr.io/pterodactyl/yolks:java_21"u8, ConsoleSource.Wings);
            server.Enter(PowerState.Running);
            for (var second = 600; second > 0; second--)
                server.Usages.Add(Sample(server, time.GetUtcNow().AddSeconds(-second)));
            for (var line = 0; line < 120; line++)
                Chat(server);
        }
        else
        {
            server.Change(snapshot => snapshot with
            {
                LastExit = new ServerExit(1, false, time.GetUtcNow().AddMinutes(-42), false),
                Problem = i % 10 == 3 ? new ServerProblem("The image ghcr.io/pterodactyl/yolks:java_99 does not exist, or may not be pulled.", time.GetUtcNow().AddMinutes(-42)) : null,
            });
        }

        if (host.Value == "us-1")
            server.Change(snapshot => snapshot with { IsReachable = false });
    }

    private void Step(FakeServer server)
    {
        var snapshot = server.Snapshot;
        if (!snapshot.IsReachable)
            return;
        var age = (time.GetUtcNow() - snapshot.StateSince).TotalSeconds;
        if (snapshot.State == PowerState.Starting && age < 5)
            server.Change(s => s with { Activity = $"Pulling image: {age * 20:0} %", Progress = age / 5 });
        else if (snapshot.State == PowerState.Starting)
            Start(server);
        else if (snapshot.State == PowerState.Stopping && age > 4)
            Stop(server);
        if (server.Snapshot.State != PowerState.Running)
            return;
        server.Usages.Add(Sample(server, time.GetUtcNow()));
        if (Random.Shared.Next(3) == 0)
            Chat(server);
    }

    private static void Start(FakeServer server)
    {
        server.Journal.Write("\e[32mDone (3.2s)! For help, type \"help\"\e[0m"u8);
        server.Journal.Write("> "u8, ConsoleSource.Game, ConsoleFlags.Partial);
        server.Enter(PowerState.Running);
    }

    private void Stop(FakeServer server)
    {
        var isRestart = server.Snapshot.IsRestarting;
        server.Journal.Write("Stopping the server"u8);
        server.Change(s => s with { LastExit = new ServerExit(0, false, time.GetUtcNow(), true) });
        server.Enter(PowerState.Offline);
        if (!isRestart)
            return;
        server.Journal.BeginRun(server.Snapshot.Run + 1);
        server.Enter(PowerState.Starting);
    }

    private UsageSample Sample(FakeServer server, DateTimeOffset at)
    {
        var last = server.Usages.LastOrDefault();
        var wave = Math.Sin(at.ToUnixTimeSeconds() / 37.0 + server.Snapshot.Ports[0].Port) + 1;
        return new UsageSample
        {
            At = at,
            CpuPercent = 22 + wave * 40 + Random.Shared.NextDouble() * 12,
            MemoryBytes = (long)(1.1e9 + wave * 1.5e8 + Random.Shared.Next(10_000_000)),
            MemoryLimitBytes = server.Spec.Limits.MemoryMiB << 20,
            NetworkRxBytes = (last?.NetworkRxBytes ?? 0) + (long)(wave * 60_000) + Random.Shared.Next(9_000),
            NetworkTxBytes = (last?.NetworkTxBytes ?? 0) + (long)(wave * 180_000) + Random.Shared.Next(20_000),
            DiskReadBytes = last?.DiskReadBytes ?? 50_000_000,
            DiskWriteBytes = (last?.DiskWriteBytes ?? 0) + (Random.Shared.Next(12) == 0 ? 4_000_000 : 0),
            Processes = 48,
            Uptime = TimeSpan.FromMinutes(12) + (at - server.Snapshot.StateSince),
        };
    }

    private static void Chat(FakeServer server)
        => server.Journal.Write(Encoding.UTF8.GetBytes(Random.Shared.Next(6) switch
        {
            0 => $"\e[90m[14:0{Random.Shared.Next(9)}:11 INFO]\e[0m: \e[33mAlex\e[0m joined the game",
            1 => "\e[90m[Server thread/WARN]\e[0m: \e[93mCan't keep up! Is the server overloaded? Running 2034ms or 40 ticks behind\e[0m",
            2 => "\e[90m[Server thread/INFO]\e[0m: <Steve> has anyone seen my pickaxe? see https://example.org/map",
            3 => "\e[90m[Server thread/ERROR]\e[0m: \e[31mCould not pass event PlayerMoveEvent to Essentials v2.21\e[0m",
            4 => "\e[90m[Server thread/INFO]\e[0m: Saving chunks for level 'ServerLevel[world]'/minecraft:overworld",
            _ => "\e[90m[Server thread/INFO]\e[0m: \e[36mAlex\e[0m has made the advancement \e[32m[Stone Age]\e[0m",
        }));
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Allocations;
using OrleansWings.Dashboard.Fleets;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;
using OrleansWings.Testing.Programs;

namespace OrleansWings.Benchmarks.Scale;

/// <summary>Many hosts with fake engines and two control silos in this process, and the picture that a dashboard has of them.</summary>
internal sealed class ScaleFleet : IAsyncDisposable
{
    // As many as a panel would send at once; more only wait in the hosts' ledgers.
    private const int CreatedAtOnce = 32;
    private const int MaxTries = 10;

    private readonly RedisServer? _redis;
    private readonly ConcurrentQueue<ServerId> _created = [];
    private int _repeats;

    private ScaleFleet(WingsCluster cluster, StoreMeter meter, RedisServer? redis)
    {
        (Cluster, Meter, _redis) = (cluster, meter, redis);
        View = new FleetView(cluster.Feed, TimeProvider.System, NullLogger<FleetView>.Instance);
    }

    public WingsCluster Cluster { get; }

    public StoreMeter Meter { get; }

    /// <summary>What all pages of one control process read.</summary>
    public FleetView View { get; }

    public ImmutableArray<ServerId> Created => [.. _created];

    /// <summary>How often a creation had to be asked again, as no answer had come in time.</summary>
    public int Repeats => _repeats;

    public static async Task<ScaleFleet> StartAsync(int hosts, bool isOnRedis)
    {
        var redis = isOnRedis ? await RedisServer.StartAsync() : null;
        var meter = new StoreMeter();
        var cluster = await WingsCluster.StartAsync(hosts, controls: 2, engine: _ => Engine(), store: new WingsClusterStore { Meter = meter, Redis = redis?.Options });
        await cluster.UntilReadyAsync(hosts);
        var fleet = new ScaleFleet(cluster, meter, redis);
        await fleet.View.StartAsync(CancellationToken.None);
        await Task.WhenAll((await cluster.Fleet.ListHostsAsync()).Select(host => cluster.Fleet.GetHost(host.Id).AddPoolAsync(new AllocationPool { Address = "0.0.0.0", FirstPort = 20_000, LastPort = 29_999 })));
        return fleet;
    }

    /// <summary>Creates servers as panel code does, wherever there is room; ends early when its time is over.</summary>
    /// <returns>How many were created in how long, and with how much CPU of the whole process, a tenth of them at a time.</returns>
    public async Task<ImmutableArray<CreationLap>> CreateAsync(int count, CancellationToken limit)
    {
        var laps = ImmutableArray.CreateBuilder<CreationLap>();
        for (var lap = 0; lap < 10 && !limit.IsCancellationRequested; lap++)
        {
            var (began, cpu, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, _created.Count);
            var names = Enumerable.Range(lap * count / 10, (lap + 1) * count / 10 - lap * count / 10);
            await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce }, async (number, _) =>
            {
                if (!limit.IsCancellationRequested)
                    await CreateOneAsync(number);
            });
            laps.Add(new CreationLap(_created.Count - before, Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - cpu));
            Console.Error.WriteLine($"created {_created.Count:N0} of {count:N0}; the last {laps[^1].Count:N0} at {laps[^1].PerSecond:0} a second with {laps[^1].CpuEach:0.00} ms of CPU each");
        }

        return laps.ToImmutable();
    }

    private async Task CreateOneAsync(int number)
    {
        // As panel code does it: under the same id it cannot be created twice, so it is asked again where no answer came in time.
        var id = ServerId.New();
        var created = await Cluster.Fleet.CreateServerAsync(Spec(number), id);
        for (var tries = 1; tries < MaxTries && created.Refusal is ServerRefusal.OutcomeUnknown or ServerRefusal.NotStored; tries++)
        {
            Interlocked.Increment(ref _repeats);
            created = await Cluster.Fleet.CreateServerAsync(Spec(number), id);
        }

        if (!created.IsAccepted)
            throw new InvalidOperationException($"{created.Refusal}: {created.Message}");
        _created.Enqueue(id);
    }

    /// <summary>The managed memory in use when everything that can go has gone.</summary>
    public long MeasureMemory()
    {
        // What only the fake engines keep: every call that they were asked.
        foreach (var host in View.Current.Hosts)
            Cluster.FakeEngine(host.Id.Value).Calls.Clear();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    public async ValueTask DisposeAsync()
    {
        await View.StopAsync(CancellationToken.None);
        await Cluster.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    // As large as a spec of an egg: some variables, limits, a port from the host's pool. About a kilobyte.
    private static ServerSpec Spec(int number) => new()
    {
        Name = $"server {number:000000}",
        Image = "~" + FakeContainerEngine.TestImage,
        Startup = "java -Xms128M -XX:MaxRAMPercentage=95.0 -Dterminal.jline=false -jar {{SERVER_JARFILE}}",
        DoneLines = ["Done ("],
        Stop = new StopRule { Kind = StopKind.Command, Value = "stop" },
        Environment = ImmutableSortedDictionary<string, string>.Empty
            .Add("SERVER_JARFILE", "server.jar").Add("MINECRAFT_VERSION", "1.21.4").Add("BUILD_NUMBER", "latest").Add("DIFFICULTY", "normal")
            .Add("LEVEL_NAME", $"world-{number}").Add("MOTD", "A server that stands for many others of its kind").Add("MAX_PLAYERS", "20"),
        Limits = new ServerLimits { MemoryMiB = 1_024, CpuPercent = 100 },
        PortCount = 1,
    };

    // A machine that has room for whatever is promised: what is measured is not who is refused, and all of them share this one's load.
    private static FakeContainerEngine Engine()
    {
        var engine = new FakeContainerEngine();
        engine.Facts = engine.Facts with { Cores = 4_096, MemoryBytes = 16L << 40 };
        return engine;
    }
}

/// <summary>A tenth of all creations.</summary>
internal readonly record struct CreationLap(int Count, TimeSpan Took, TimeSpan Cpu)
{
    public double PerSecond => Count / Took.TotalSeconds;

    /// <summary>Milliseconds of CPU that each took of the whole process: 50 hosts, two control silos, the store and the dashboard's picture.</summary>
    public double CpuEach => Cpu.TotalMilliseconds / Math.Max(1, Count);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Clusters;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Fleets;

/// <summary>A thousand servers on eight hosts, made once for all tests of scale; alone, as their memory is measured.</summary>
[CollectionDefinition(nameof(ManyServers), DisableParallelization = true)]
public sealed class ManyServersCollection : ICollectionFixture<ManyServers>;

/// <inheritdoc cref="ManyServersCollection" />
public sealed class ManyServers : IAsyncLifetime
{
    public const int Hosts = 8;
    public const int Count = 1_000;
    private const int CreatedAtOnce = 32;

    private readonly ConcurrentQueue<ServerId> _created = [];

    public WingsCluster Cluster { get; private set; } = null!;

    /// <summary>Counts what control silos write.</summary>
    public StoreMeter Meter { get; } = new();

    public ImmutableArray<ServerId> Created { get; private set; }

    /// <summary>Managed memory that each server takes while it does nothing: of its host, its record and all pictures of it, in bytes.</summary>
    public long BytesPerServer { get; private set; }

    /// <summary>The longest record of a host after this many of the servers were created.</summary>
    public ImmutableSortedDictionary<int, int> HostRecords { get; private set; } = ImmutableSortedDictionary<int, int>.Empty;

    public async ValueTask InitializeAsync()
    {
        Cluster = await WingsCluster.StartAsync(Hosts, controls: 2, engine: _ => Engine(), store: new WingsClusterStore { Meter = Meter });
        await Cluster.UntilReadyAsync(Hosts);
        // What all share is not a server's: the first ones bring it.
        await CreateAsync(0, 100);
        var before = await MeasureAsync();
        await CreateAsync(100, Count);
        BytesPerServer = (await MeasureAsync() - before) / (Count - 100);
        Created = [.. _created];
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    /// <summary>The first step of a new reader of the feed: the whole list.</summary>
    public async Task<FleetUpdate> ReadAsync()
    {
        await foreach (var first in Cluster.Feed.WatchAsync(CancellationToken.None))
            return first;
        throw new InvalidOperationException("The feed ended.");
    }

    private async Task CreateAsync(int from, int until)
    {
        await Parallel.ForEachAsync(Enumerable.Range(from, until - from), new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce }, async (number, _) =>
        {
            var created = await Cluster.Fleet.CreateServerAsync(Specs.Game($"server {number:0000}") with { Limits = new ServerLimits { MemoryMiB = 1_024, CpuPercent = 100 } });
            Assert.True(created.IsAccepted, created.Message);
            _created.Enqueue(created.Server!.Value);
        });
        await Eventually.GetAsync(ReadAsync, list => list.Servers.Length == until && list.Servers.All(listing => listing.Snapshot.IsReachable));
        HostRecords = HostRecords.Add(until, Meter.Of("HostRecord").Last);
    }

    private async Task<long> MeasureAsync()
    {
        // Until the pictures that creations left are written down.
        await Task.Delay(1_000);
        for (var i = 1; i <= Hosts; i++)
            Cluster.FakeEngine($"h{i}").Calls.Clear();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // A machine with room for all that is promised.
    private static FakeContainerEngine Engine()
    {
        var engine = new FakeContainerEngine();
        engine.Facts = engine.Facts with { Cores = 1_024, MemoryBytes = 4L << 40 };
        return engine;
    }
}

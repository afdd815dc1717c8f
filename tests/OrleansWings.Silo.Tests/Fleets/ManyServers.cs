using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Clusters;
using OrleansWings.Testing.Clusters;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Fleets;

/// <summary>A thousand servers on eight hosts, made once for all tests of scale; alone, as they take a machine's whole attention.</summary>
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

    /// <summary>How long a host's record was when all were created, in bytes.</summary>
    public int HostRecordLength { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Cluster = await WingsCluster.StartAsync(Hosts, controls: 2, engine: _ => Engine(), store: new WingsClusterStore { Meter = Meter });
        await Cluster.UntilReadyAsync(Hosts);
        await CreateAsync(0, Count);
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
            // As panel code does it: what is not known to have come through is asked again under the same id.
            var (id, spec) = (ServerId.New(), Specs.Game($"server {number:0000}") with { Limits = new ServerLimits { MemoryMiB = 1_024, CpuPercent = 100 } });
            var created = await Eventually.GetAsync(() => Cluster.Fleet.CreateServerAsync(spec, id), result => result.Refusal is not (ServerRefusal.OutcomeUnknown or ServerRefusal.NotStored));
            Assert.True(created.IsAccepted, created.Message);
            _created.Enqueue(id);
        });
        await Eventually.GetAsync(ReadAsync, list => list.Servers.Length == until && list.Servers.All(listing => listing.Snapshot.IsReachable));
        HostRecordLength = Meter.Of("HostRecord").Last;
    }

    // A machine with room for all that is promised.
    private static FakeContainerEngine Engine()
    {
        var engine = new FakeContainerEngine();
        engine.Facts = engine.Facts with { Cores = 1_024, MemoryBytes = 4L << 40 };
        return engine;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using OrleansWings.Silo.Hosting;

namespace OrleansWings.Silo.Storage.Moves;

/// <summary>A storage provider whose silo never starts: reads and writes exactly what grains would, while no grain runs.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly IHost _host;

    private OpenStore(IHost host) => (_host, Storage) = (host, host.Services.GetRequiredKeyedService<IGrainStorage>(WingsStore.Name));

    public IGrainStorage Storage { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<OpenStore> OpenAsync(Action<ISiloBuilder> addStore)
    {
        var builder = new HostBuilder().UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(serviceId: WingsNames.ServiceId, clusterId: WingsNames.ServiceId);
            silo.Services.AddSingleton(TimeProvider.System);
            addStore(silo);
        });
        var store = new OpenStore(builder.Build());
        var lifecycle = new StorageLifecycle();
        ((ILifecycleParticipant<ISiloLifecycle>)store.Storage).Participate(lifecycle);
        await lifecycle.StartAsync().ConfigureAwait(false);
        return store;
    }

    /// <summary>A fleet's Redis with the cluster's membership, once it answers.</summary>
    /// <param name="fleet">Where it is.</param>
    /// <param name="serializer">Null for the one of grains.</param>
    /// <param name="refuse">What is thrown when it does not answer within seconds, given why.</param>
    public static async Task<OpenStore> OpenRedisAsync(FleetOptions fleet, IGrainStorageSerializer? serializer, Func<string?, Exception> refuse)
    {
        var store = await OpenAsync(silo =>
        {
            silo.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLink>(provider, fleet.Redis));
            silo.AddWingsRedisStore(fleet.Redis, serializer);
            silo.AddWingsMembership(fleet);
        }).ConfigureAwait(false);
        var redis = store.Services.GetRequiredService<RedisLink>();
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            await redis.WaitUntilAnswersAsync(limit.Token).ConfigureAwait(false);
            return store;
        }
        catch (Exception e)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException)
                throw refuse(redis.Problem);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync().ConfigureAwait(false);
        else
            _host.Dispose();
    }

    // The one stage that a storage provider has: it opens its connection.
    private sealed class StorageLifecycle : ISiloLifecycle, IDisposable
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => ServiceLifecycleStage.First;

        public int LowestStoppedStage => ServiceLifecycleStage.Last;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return this;
        }

        public async Task StartAsync()
        {
            foreach (var observer in _observers)
                await observer.OnStart(CancellationToken.None).ConfigureAwait(false);
        }

        public void Dispose()
        {
        }
    }
}

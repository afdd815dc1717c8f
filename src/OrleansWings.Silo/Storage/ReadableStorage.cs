using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansWings.Fleets;

namespace OrleansWings.Silo.Storage;

/// <summary>A store's provider, which says of an entry that cannot be read that it is damaged: else whoever asks hears that nobody answers.</summary>
internal sealed class ReadableStorage(IGrainStorage storage) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Stands before the provider that was registered last under our name.</summary>
    public static void Wrap(IServiceCollection services)
    {
        var index = services.ToList().FindLastIndex(service => service.ServiceType == typeof(IGrainStorage) && service.IsKeyedService && Equals(service.ServiceKey, WingsStore.Name));
        var own = services[index];
        services[index] = ServiceDescriptor.KeyedSingleton<IGrainStorage>(WingsStore.Name, (provider, key) => new ReadableStorage((IGrainStorage)own.KeyedImplementationFactory!(provider, key)));
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await storage.ReadStateAsync(stateName, grainId, grainState);
        }
        catch (Exception e) when (WhyDamaged(e) is { } why)
        {
            throw new DamagedRecordException($"What the cluster's store has of {stateName} {grainId.Key} cannot be read, and is left as it is: {why} Restore the store from a backup. Game servers go on.");
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle observer) => (storage as ILifecycleParticipant<ISiloLifecycle>)?.Participate(observer);

    private static string? WhyDamaged(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is JsonException or NotSupportedException or FormatException)
                return e.Message;
        }

        return null;
    }
}

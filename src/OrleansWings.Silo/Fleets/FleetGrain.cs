using System.Collections.Immutable;
using Orleans.Placement;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Fleets;

/// <summary>The registry of hosts.</summary>
[GrainType("fleet"), HashBasedPlacement]
internal sealed class FleetGrain([PersistentState("fleet", WingsStore.Name)] IPersistentState<FleetRecord> record, TimeProvider time) : Grain, IFleetGrain
{
    public Task<ImmutableArray<HostId>> ListHostsAsync() => Task.FromResult(record.State.Hosts.ToImmutableArray());

    public async Task RegisterHostAsync(HostId host)
    {
        if (record.State.Hosts.Contains(host))
            return;
        record.State.Hosts.Add(host);
        await WriteAsync(() => record.State.Hosts.Remove(host));
    }

    public async Task UnregisterHostAsync(HostId host)
    {
        if (!record.State.Hosts.Remove(host))
            return;
        record.State.Removed[host] = time.GetUtcNow();
        await WriteAsync(() =>
        {
            record.State.Hosts.Add(host);
            record.State.Removed.Remove(host);
        });
    }

    public async Task<DateTimeOffset?> TakeRemovalAsync(HostId host)
    {
        if (!record.State.Removed.Remove(host, out var at))
            return null;
        await WriteAsync(() => record.State.Removed[host] = at);
        return at;
    }

    public Task<Guid> GetClusterIdAsync() => ClaimClusterIdAsync(null);

    public async Task<Guid> ClaimClusterIdAsync(Guid? known)
    {
        if (record.State.ClusterId == Guid.Empty)
        {
            record.State.ClusterId = known ?? Guid.NewGuid();
            await WriteAsync(() => record.State.ClusterId = Guid.Empty);
        }

        return record.State.ClusterId;
    }

    // What may not be stored must not be answered from memory: whoever asks again has it written, or read anew.
    private async Task WriteAsync(Action undo)
    {
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            undo();
            DeactivateOnIdle();
            throw;
        }
    }
}

/// <summary>What the cluster's store keeps about the fleet.</summary>
public sealed class FleetRecord : IStoredState
{
    public int Schema { get; set; } = 1;

    /// <summary>Every known host, in the order of joining.</summary>
    public List<HostId> Hosts { get; set; } = [];

    /// <summary>This installation; empty before it was first asked for.</summary>
    public Guid ClusterId { get; set; }

    /// <summary>Hosts that operators removed and that have not come back, with when, UTC.</summary>
    public Dictionary<HostId, DateTimeOffset> Removed { get; set; } = [];
}

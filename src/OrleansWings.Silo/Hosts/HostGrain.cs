using System.Collections.Immutable;
using Orleans.Placement;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Hosts;

/// <summary>Who holds which port of a host: one turn at a time, so no port is ever held twice.</summary>
[GrainType("host"), HashBasedPlacement]
internal sealed partial class HostGrain([PersistentState("host", WingsStore.Name)] IPersistentState<HostRecord> record, TimeProvider time) : Grain, IHostGrain
{
    private Dictionary<ServerId, HostedServerRecord> Servers => record.State.Servers;

    private HostId Id => new(this.GetPrimaryKeyString());

    public async Task<ServerResult> ReserveAsync(ServerId server, string name, ImmutableArray<Allocation> ports)
    {
        var faults = PortConflicts.Find(ports, Servers.Where(other => other.Key != server).Select(other => (other.Value.Name, other.Value.Ports)));
        if (!faults.IsEmpty)
        {
            return ServerResult.Refused(ServerRefusal.PortTaken, string.Join(" ", faults.Select(fault => fault.Message))) with { Faults = faults };
        }

        try
        {
            await WriteAsync(server, new HostedServerRecord(name, [.. ports], IsDeleted: false));
            return ServerResult.Accepted("The ports are reserved.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return StoreRefusal.Of(e);
        }
    }

    public async Task ReleaseAsync(ServerId server, bool isForgotten)
    {
        if (Servers.TryGetValue(server, out var held))
            await WriteAsync(server, isForgotten ? null : held with { Ports = [], IsDeleted = true });
    }

    public Task<ImmutableArray<HostedServer>> ListServersAsync()
        => Task.FromResult(Servers.Select(server => new HostedServer(server.Key, server.Value.IsDeleted)).ToImmutableArray());

    public async Task ReportAsync(HostFacts? facts)
    {
        if (facts is null || facts == record.State.Facts)
            return;
        var before = record.State.Facts;
        record.State.Facts = facts;
        await WriteAsync(() => record.State.Facts = before);
        await TellFeedAsync();
    }

    private async Task WriteAsync(ServerId server, HostedServerRecord? held)
    {
        var before = Servers.GetValueOrDefault(server);
        Put(server, held);
        await WriteAsync(() => Put(server, before));
        await TellFeedAsync();
    }

    // What could not be stored has not happened. Or it has, and only the answer was lost: whoever calls next reads the store anew.
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

    private void Put(ServerId server, HostedServerRecord? held)
    {
        if (held is null)
            Servers.Remove(server);
        else
            Servers[server] = held;
    }
}

using System.Collections.Immutable;
using Orleans.Placement;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Placement;
using OrleansWings.Silo.Storage;

namespace OrleansWings.Silo.Hosts;

/// <summary>Who holds which port of a host: one turn at a time, so no port is ever held twice.</summary>
[GrainType("host"), HashBasedPlacement]
internal sealed partial class HostGrain([PersistentState("host", WingsStore.Name)] IPersistentState<HostRecord> record, TimeProvider time) : Grain, IHostGrain
{
    private Dictionary<ServerId, HostedServerRecord> Servers => record.State.Servers;

    private HostId Id => new(this.GetPrimaryKeyString());

    // As an older version asks: it knows of no limits, so they stay as they are.
    public Task<ServerResult> ReserveAsync(ServerId server, string name, ImmutableArray<Allocation> ports)
        => ReserveServerAsync(new HostReservation
        {
            Server = server,
            Name = name,
            Ports = ports,
            Limits = Servers.GetValueOrDefault(server)?.Limits ?? new ServerLimits(),
            IsUndo = true,
        });

    public async Task<ServerResult> ReserveServerAsync(HostReservation wish)
    {
        if (record.State.RemovingSince is not null && !wish.IsUndo)
            return ServerResult.Refused(ServerRefusal.NoHost, $"{Id} is being removed from the fleet.");
        var plan = Plan(wish);
        if (!plan.Faults.IsEmpty)
            return ServerResult.Refused(ServerRefusal.PortTaken, string.Join(" ", plan.Faults.Select(fault => fault.Message))) with { Faults = plan.Faults };
        if (Lacks(wish) is { Length: > 0 } lacks)
        {
            var message = $"{Id}: {string.Join("; ", lacks)}.";
            return ServerResult.Refused(ServerRefusal.NoHost, message) with { Faults = [new SpecFault(nameof(ServerSpec.Host), message)] };
        }

        try
        {
            await WriteAsync(wish.Server, new HostedServerRecord(wish.Name, [.. plan.Ports], IsDeleted: false, wish.Limits, Leaving(wish, plan.Ports)), isRepair: wish.IsUndo);
            return ServerResult.Accepted("The ports are reserved.") with { Ports = plan.Ports };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return StoreRefusal.Of(e);
        }
    }

    public Task<HostCandidate> ConsiderAsync(HostReservation wish) => Task.FromResult(new HostCandidate(Snapshot(), Plan(wish).Faults));

    public async Task ReleaseAsync(ServerId server, bool isForgotten)
    {
        if (Servers.TryGetValue(server, out var held))
            await WriteAsync(server, isForgotten ? null : held with { Ports = [], IsDeleted = true, Leaving = null });
    }

    public async Task SettlePortsAsync(ServerId server)
    {
        if (Servers.TryGetValue(server, out var held) && held.Leaving is not null)
            await WriteAsync(server, held with { Leaving = null });
    }

    public Task<ImmutableArray<HostedServer>> ListServersAsync()
        => Task.FromResult(Servers.Select(server => new HostedServer(server.Key, server.Value.IsDeleted) { Ports = [.. server.Value.Ports] }).ToImmutableArray());

    public async Task ReportAsync(HostFacts? facts)
    {
        await StopRemovalAsync();
        if (facts is null || facts == record.State.Facts)
            return;
        var before = record.State.Facts;
        record.State.Facts = facts;
        await WriteAsync(() => record.State.Facts = before);
        await TellFeedAsync();
    }

    // A process goes on with the ports that it was started with, so an update gives nothing away. One that is undone was never told to the host.
    private List<Allocation>? Leaving(HostReservation wish, ImmutableArray<Allocation> ports)
    {
        if (wish.IsNew || Servers.GetValueOrDefault(wish.Server) is not { } held)
            return null;
        List<Allocation> leaving = [.. (wish.IsUndo ? held.Leaving ?? [] : held.AllPorts()).Where(port => !ports.Contains(port))];
        return leaving.Count == 0 ? null : leaving;
    }

    // Looked at again here, in the turn that promises: others may have been promised the same since the host was chosen.
    private string[] Lacks(HostReservation wish)
    {
        if (wish.IsUndo)
            return [];
        var maintenance = wish.IsNew ? HostFit.Maintenance(Settings) : null;
        var lacks = HostFit.Lacks(Sums.Capacity, Growth(wish), isPromisedOnly: true);
        return [.. maintenance is null ? lacks : lacks.Prepend(maintenance)];
    }

    // What a server has is not asked for again: on a host that is full it may still be changed, but not grow.
    private ServerShare Growth(HostReservation wish)
    {
        var usage = Usage?.Servers.FirstOrDefault(server => server.Server == wish.Server)?.Sample;
        var asked = HostPromises.To(wish.Limits, usage);
        if (Servers.GetValueOrDefault(wish.Server) is not { IsDeleted: false } held)
            return asked;
        var has = HostPromises.To(held.Limits, usage);
        return new ServerShare(asked.MemoryMiB - has.MemoryMiB, asked.CpuPercent - has.CpuPercent, asked.DiskMiB - has.DiskMiB);
    }

    private async Task WriteAsync(ServerId server, HostedServerRecord? held, bool isRepair = false)
    {
        var (before, notes) = (Servers.GetValueOrDefault(server), record.State.Notes);
        // The record is one state with every server of the host in it: it is not written for a change that is none of its business. Who repairs does not
        // believe what is in memory: a store that has forgotten its last second shows so by refusing the write.
        if (!isRepair && (held?.IsSame(before) ?? before is null))
            return;
        record.State.Notes = NotesWithout((before?.AllPorts() ?? []).Except(held?.AllPorts() ?? []));
        Put(server, held);
        await WriteAsync(() =>
        {
            Put(server, before);
            record.State.Notes = notes;
        });
        await TellFeedAsync();
    }

    // What could not be stored has not happened. Or it has, and only the answer was lost: whoever calls next reads the store anew.
    private async Task WriteAsync(Action undo)
    {
        ReckonAnew();
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            undo();
            ReckonAnew();
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

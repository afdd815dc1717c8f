using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>The host's pools of ports, and who holds what of them.</summary>
internal sealed partial class HostGrain
{
    public Task<ServerResult> AddPoolAsync(AllocationPool pool)
    {
        var faults = HostSettingsValidator.Check(pool);
        if (faults.IsEmpty && Settings.Pools.FirstOrDefault(pool.Overlaps) is { } other)
            faults = [new SpecFault(nameof(pool.FirstPort), $"{pool} overlaps the pool {other}.")];
        return ChangeAsync(
            faults,
            settings => settings with
            {
                Pools = [.. settings.Pools.Append(pool).OrderBy(one => one.Address, StringComparer.Ordinal).ThenBy(one => one.FirstPort)],
            },
            $"{Id} has the pool {pool} now.");
    }

    public Task<ServerResult> RemovePoolAsync(AllocationPool pool)
    {
        if (Settings.Pools.FirstOrDefault(pool.IsSameRange) is not { } known)
            return Task.FromResult(ServerResult.Invalid([new SpecFault(nameof(HostSettings.Pools), $"{Id} has no pool {pool}.")]));
        var users = Servers.Values.Where(server => server.AllPorts().Any(known.Contains)).Select(server => server.Name).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        return users.Length > 0
            ? Task.FromResult(ServerResult.Refused(ServerRefusal.PoolInUse, $"The pool {known} is in use by {Say(users)}."))
            : ChangeAsync([], settings => settings with { Pools = settings.Pools.Remove(known) }, $"The pool {known} is removed from {Id}.");
    }

    public async Task<ServerResult> SetNoteAsync(Allocation port, string note)
    {
        if (HostSettingsValidator.CheckNote(note) is { } fault)
            return ServerResult.Invalid([new SpecFault("Note", fault)]);
        if (!Settings.Pools.Any(pool => pool.Contains(port)) && !Servers.Values.Any(server => server.AllPorts().Contains(port)))
            return ServerResult.Invalid([new SpecFault("Port", $"{port} is in none of the pools of {Id}, and no server holds it.")]);
        var before = record.State.Notes;
        record.State.Notes = note.Trim() is { Length: > 0 } text ? before.SetItem(port.ToString(), text) : before.Remove(port.ToString());
        return await StoreAsync(() => record.State.Notes = before, $"The note of {port} is kept.");
    }

    public Task<ImmutableArray<HeldAllocation>> ListAllocationsAsync()
    {
        var held = Servers.SelectMany(server => server.Value.AllPorts().Select(port => new HeldAllocation(port, server.Key, server.Value.Name, NoteOf(port)))).ToList();
        var known = held.Select(one => one.Port.ToString()).ToHashSet();
        var noted = Settings.Pools.SelectMany(pool => pool.Ports()).Where(port => NoteOf(port).Length > 0 && !known.Contains(port.ToString()));
        held.AddRange(noted.Select(port => new HeldAllocation(port, null, "", NoteOf(port))));
        return Task.FromResult(held.OrderBy(one => one.Port.Ip, StringComparer.Ordinal).ThenBy(one => one.Port.Port).ToImmutableArray());
    }

    private string NoteOf(Allocation port) => record.State.Notes.GetValueOrDefault(port.ToString(), "");

    private AllocationPlan PlanAnew(HostReservation wish) => AllocationPlanner.Plan(
        new AllocationWish(wish.Ports, wish.PortCount, Servers.GetValueOrDefault(wish.Server)?.AllPorts() ?? [], wish.IsReturning, wish.IsMoving),
        wish.IsUndo ? [] : Settings.Pools,
        Servers.Where(other => other.Key != wish.Server).Select(other => (other.Value.Name, other.Value.AllPorts())));

    // A note is about who holds the port: it goes when they go.
    private ImmutableSortedDictionary<string, string> NotesWithout(IEnumerable<Allocation> freed)
        => record.State.Notes.RemoveRange(freed.Select(port => port.ToString()));

    private static string Say(string[] names)
        => string.Join(", ", names.Take(10)) + (names.Length > 10 ? $" and {names.Length - 10} more" : "");
}

using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>What a server asks for in ports.</summary>
/// <param name="Named">Those it names.</param>
/// <param name="Count">How many it wants in all; those it does not name come from the pools.</param>
/// <param name="Held">Those it holds already: it keeps what it can.</param>
/// <param name="IsReturning">Whether the named ones were its own before: then they need be in no pool, and of a server that was given some another may be in the place of one that is taken.</param>
/// <param name="IsMoving">Whether they were its own on another host: of a server that was given some, what is taken or in no pool here is replaced.</param>
internal sealed record AllocationWish(ImmutableArray<Allocation> Named, int Count, IReadOnlyList<Allocation> Held, bool IsReturning = false, bool IsMoving = false);

/// <summary>The ports it gets, the first is the primary one; or what is wrong, and then none.</summary>
internal sealed record AllocationPlan(ImmutableArray<Allocation> Ports, ImmutableArray<SpecFault> Faults);

/// <summary>Which ports of a host a server gets: pure.</summary>
internal static class AllocationPlanner
{
    /// <summary>Plans, changes nothing.</summary>
    /// <param name="wish">What is asked.</param>
    /// <param name="pools">The host's pools. With none any port may be named; with some a new one must be in one of them.</param>
    /// <param name="others">What the host's other servers hold.</param>
    public static AllocationPlan Plan(AllocationWish wish, ImmutableArray<AllocationPool> pools, IEnumerable<(string Name, List<Allocation> Ports)> others)
    {
        var holders = others.SelectMany(other => other.Ports.Select(port => (other.Name, Port: port))).ToLookup(held => held.Port.Port);
        string? HolderOf(Allocation port) => holders[port.Port].FirstOrDefault(held => held.Port.Overlaps(port)).Name;

        var faults = ImmutableArray.CreateBuilder<SpecFault>();
        var slots = new List<Allocation?>();
        foreach (var port in wish.Named)
        {
            var (holder, isOutside) = (HolderOf(port), IsOutside(port, wish, pools));
            if (holder is not null && !((wish.IsReturning || wish.IsMoving) && wish.Count > 0))
                faults.Add(new SpecFault($"Ports[{slots.Count}]", $"{port} is held by the server {holder}."));
            else if (isOutside && !(wish.IsMoving && wish.Count > 0))
                faults.Add(new SpecFault($"Ports[{slots.Count}]", $"{port} is in none of the host's pools: {Say(pools)}."));
            slots.Add(holder is null && !isOutside ? port : null);
        }

        while (slots.Count < wish.Count)
            slots.Add(null);
        var free = Free(wish, pools, port => HolderOf(port) is null && !wish.Named.Any(port.Overlaps));
        var wanted = slots.Count(slot => slot is null);
        if (free.Count < wanted && faults.Count == 0)
            faults.Add(new SpecFault(nameof(ServerSpec.PortCount), TooFew(wanted, free.Count, pools)));
        if (faults.Count > 0)
            return new AllocationPlan([], faults.ToImmutable());
        var next = 0;
        return new AllocationPlan([.. slots.Select(slot => slot ?? free[next++])], []);
    }

    // What a server has it may keep: pools that are made later take nothing from anybody.
    private static bool IsOutside(Allocation port, AllocationWish wish, ImmutableArray<AllocationPool> pools)
        => !pools.IsEmpty && !wish.IsReturning && !wish.Held.Contains(port) && !pools.Any(pool => pool.Contains(port));

    // What it holds first, then the lowest; all on one address where one has enough, as players know one.
    private static List<Allocation> Free(AllocationWish wish, ImmutableArray<AllocationPool> pools, Func<Allocation, bool> isFree)
    {
        var wanted = Math.Max(wish.Count, wish.Named.Length);
        var kept = wish.Held.Where(port => pools.Any(pool => pool.Contains(port)) && isFree(port)).ToList();
        var home = wish.Named.Concat(kept).FirstOrDefault()?.Ip;
        var byAddress = pools.GroupBy(pool => pool.Address)
            .Select(group => (Address: group.Key, Ports: group.SelectMany(pool => pool.Ports()).Where(isFree).Except(kept).Take(wanted).ToArray()))
            .OrderByDescending(address => address.Address == home)
            .ThenByDescending(address => address.Ports.Length >= wanted);
        foreach (var port in byAddress.SelectMany(address => address.Ports))
        {
            // Pools do not overlap, but an address and "every address" of one port may be kept from before they were made.
            if (kept.Count < wanted && !kept.Any(port.Overlaps))
                kept.Add(port);
        }

        return kept;
    }

    private static string TooFew(int wanted, int free, ImmutableArray<AllocationPool> pools)
        => pools.IsEmpty ? "it has no pool of ports: name the ports, or give the host a pool."
            : free == 0 ? "no free port in its pools."
            : $"{wanted} {(wanted == 1 ? "port is" : "ports are")} asked and {free} {(free == 1 ? "is" : "are")} free in its pools.";

    private static string Say(ImmutableArray<AllocationPool> pools)
        => string.Join(", ", pools.Take(5)) + (pools.Length > 5 ? $" and {pools.Length - 5} more" : "");
}

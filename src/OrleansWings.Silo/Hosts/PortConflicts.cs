using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>Which of the wanted ports another server of the host holds: pure.</summary>
internal static class PortConflicts
{
    /// <summary>One fault per wanted port that is held, with who holds it.</summary>
    public static ImmutableArray<SpecFault> Find(ImmutableArray<Allocation> wanted, IEnumerable<(string Name, List<Allocation> Ports)> others)
    {
        var holders = others.SelectMany(other => other.Ports.Select(port => (other.Name, Port: port))).ToLookup(held => held.Port.Port);
        var faults = ImmutableArray.CreateBuilder<SpecFault>();
        for (var i = 0; i < wanted.Length; i++)
        {
            var holder = holders[wanted[i].Port].FirstOrDefault(held => held.Port.Overlaps(wanted[i]));
            if (holder.Name is not null)
                faults.Add(new SpecFault($"Ports[{i}]", $"{wanted[i]} is held by the server {holder.Name}."));
        }

        return faults.ToImmutable();
    }
}

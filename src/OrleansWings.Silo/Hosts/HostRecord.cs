using System.Collections.Immutable;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>What the cluster's store keeps about a host.</summary>
public sealed class HostRecord : Storage.IStoredState
{
    public int Schema { get; set; } = 1;

    /// <summary>Its servers and what they hold.</summary>
    public Dictionary<ServerId, HostedServerRecord> Servers { get; set; } = [];

    /// <summary>What its engine last said of itself.</summary>
    public HostFacts? Facts { get; set; }

    /// <summary>What operators say of it.</summary>
    public HostSettings Settings { get; set; } = new();

    /// <summary>Since when an operator removes it, UTC: nothing is promised here. Null unless that was interrupted.</summary>
    public DateTimeOffset? RemovingSince { get; set; }

    /// <summary>Notes to ports, by "ip:port".</summary>
    public ImmutableSortedDictionary<string, string> Notes { get; set; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A server in its host's record.</summary>
/// <param name="Name">For the message to whoever wants its ports.</param>
/// <param name="Ports">What it holds.</param>
/// <param name="IsDeleted">Whether only its files are kept.</param>
/// <param name="Limits">What is promised to it; null in what an older version wrote.</param>
/// <param name="Leaving">What its spec has no more and its process still holds, as far as is known; null for nothing.</param>
public sealed record HostedServerRecord(string Name, List<Allocation> Ports, bool IsDeleted, ServerLimits? Limits = null, List<Allocation>? Leaving = null)
{
    /// <summary>All that nobody else can have: what it holds, then what it is about to give up.</summary>
    public List<Allocation> AllPorts() => [.. Ports, .. Leaving ?? []];

    /// <summary>Whether the other says the same; ports in the same order.</summary>
    public bool IsSame(HostedServerRecord? other) => other is not null && this with { Ports = other.Ports, Leaving = other.Leaving } == other
        && Ports.SequenceEqual(other.Ports) && (Leaving ?? []).SequenceEqual(other.Leaving ?? []);
}

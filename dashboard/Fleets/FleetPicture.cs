using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Fleets;

/// <summary>The fleet at one moment: one object for all circuits of the process, which read slices of it.</summary>
public sealed record FleetPicture
{
    /// <summary>Before anything was heard.</summary>
    public static FleetPicture Empty { get; } = new();

    /// <summary>Rises with each picture.</summary>
    public long Version { get; init; }

    /// <summary>Whether the whole fleet was heard of at least once.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Since when nothing can be heard; null while the feed is alive.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <summary>All servers that are not deleted, by name.</summary>
    public ImmutableArray<ServerListing> Servers { get; init; } = [];

    /// <summary>All hosts, by id.</summary>
    public ImmutableArray<HostSnapshot> Hosts { get; init; } = [];

    // Nobody changes it any more once it is in a picture.
    internal Dictionary<ServerId, int> Places { get; init; } = [];

    internal FleetIndex Index { get; init; } = new([]);

    // A page may be open on one while somebody else deletes it.
    internal FrozenDictionary<ServerId, ServerListing> Deleted { get; init; } = FrozenDictionary<ServerId, ServerListing>.Empty;

    /// <summary>One server, also a deleted one whose files are kept; null when it is not in the fleet.</summary>
    public ServerListing? Find(ServerId id) => Places.TryGetValue(id, out var place) ? Servers[place] : Deleted.GetValueOrDefault(id);

    /// <summary>How many servers are in this state, as far as that is confirmed.</summary>
    public int CountOf(PowerState state) => Index.Count(state);

    /// <summary>The servers of one host, by name.</summary>
    public ImmutableArray<ServerSnapshot> ServersOn(HostId host) => Index.On(host);

    /// <summary>One host; null when it is not known.</summary>
    public HostSnapshot? FindHost(HostId id) => Hosts.FirstOrDefault(host => host.Id == id);
}

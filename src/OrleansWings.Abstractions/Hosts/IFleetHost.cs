using System.Collections.Immutable;
using OrleansWings.Servers;

namespace OrleansWings.Hosts;

/// <summary>One host by its name: what operators say of it. What panel code and the dashboard use.</summary>
/// <remarks>Asks the cluster, never the host itself: it can be changed while the host is away. A name that no host has is
/// refused as <see cref="ServerRefusal.NoHost"/>.</remarks>
public interface IFleetHost
{
    /// <summary>The host.</summary>
    HostId Id { get; }

    /// <summary>Replaces the host's labels.</summary>
    /// <param name="labels">key=value.</param>
    Task<ServerResult> SetLabelsAsync(ImmutableSortedDictionary<string, string> labels);

    /// <summary>Lets no new server come here; those that are here go on and may be started.</summary>
    /// <param name="note">Why, for the other operators; may be empty.</param>
    Task<ServerResult> BeginMaintenanceAsync(string note);

    /// <summary>Lets servers come here again.</summary>
    Task<ServerResult> EndMaintenanceAsync();

    /// <summary>Changes how much more may be promised than there is. What is promised already stays.</summary>
    /// <param name="factors">The factors.</param>
    Task<ServerResult> SetOverCommitAsync(OverCommit factors);
}

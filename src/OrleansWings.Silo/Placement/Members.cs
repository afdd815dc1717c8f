using OrleansWings.Hosts;

namespace OrleansWings.Silo.Placement;

/// <summary>Questions to the membership, by the names that say what a silo carries.</summary>
internal static class Members
{
    /// <summary>Whether the cluster counts a silo of this host as one of its own.</summary>
    public static bool HasHost(this IClusterMembershipService membership, HostId host)
        => membership.CurrentSnapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && SiloNames.HostOf(member.Name) == host);

    /// <summary>Whether somebody is there who keeps records and feeds.</summary>
    public static bool HasControl(this ClusterMembershipSnapshot snapshot) => snapshot.Controls().Any();

    /// <summary>Those who keep records and feeds.</summary>
    public static IEnumerable<SiloAddress> Controls(this ClusterMembershipSnapshot snapshot)
        => snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active && SiloNames.IsControl(member.Name)).Select(member => member.SiloAddress);
}

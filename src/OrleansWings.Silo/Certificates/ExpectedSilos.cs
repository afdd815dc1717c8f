using System.Net;
using OrleansWings.Certificates;

namespace OrleansWings.Silo.Certificates;

/// <summary>Who must answer at a silo's address, as far as the membership says it.</summary>
internal static class ExpectedSilos
{
    /// <summary>
    /// The identities at an address. Null: nobody is known there yet, as when a silo joins and has not read the membership.
    /// None: only silos that have no name of ours. Several: one that died there and one that came after it.
    /// </summary>
    public static IReadOnlyCollection<FleetIdentity>? At(EndPoint? remote, ClusterMembershipSnapshot membership)
    {
        var there = membership.Members.Values.Where(member => member.SiloAddress.Endpoint.Equals(remote) && member.Status != SiloStatus.Dead).ToList();
        return there.Count == 0 ? null : [.. there.Select(member => FleetIdentity.OfSilo(member.Name)).OfType<FleetIdentity>().Distinct()];
    }
}

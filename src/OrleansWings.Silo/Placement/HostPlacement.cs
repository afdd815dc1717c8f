using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Runtime.Placement;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Placement;

/// <summary>Puts a grain on the silo of its host, and nowhere else.</summary>
[Serializable, GenerateSerializer, Immutable]
public sealed class HostPlacementStrategy : PlacementStrategy
{
    internal static HostPlacementStrategy Singleton { get; } = new();
}

/// <summary>Marks a grain whose place is decided by <see cref="HostPlacementDirector"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HostPlacementAttribute() : PlacementAttribute(HostPlacementStrategy.Singleton);

/// <summary>
/// Finds the silo of a host by its name, which comes with the membership entry itself. Takes no hint: a hint could come
/// from a caller that knows less.
/// </summary>
internal sealed class HostPlacementDirector(IServiceProvider services, IClusterMembershipService membership) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var host = await FindHostAsync(target.GrainIdentity);
        var members = membership.CurrentSnapshot.Members;
        foreach (var silo in CompatibleSilos(context, target))
        {
            if (members.TryGetValue(silo, out var member) && member.Status == SiloStatus.Active && SiloNames.HostOf(member.Name) == host)
                return silo;
        }

        throw new HostUnreachableException(host.Value);
    }

    // Throws where no silo at all runs such a grain: no host is there.
    private static SiloAddress[] CompatibleSilos(IPlacementContext context, PlacementTarget target)
    {
        try
        {
            return context.GetCompatibleSilos(target);
        }
        catch (OrleansException)
        {
            return [];
        }
    }

    private async Task<HostId> FindHostAsync(GrainId grain)
    {
        if (!grain.TryGetGuidKey(out var key, out _))
            return new HostId(grain.Key.ToString()!);
        var (grains, server) = (services.GetRequiredService<IGrainFactory>(), new ServerId(key));
        try
        {
            return await grains.GetGrain<IServerRecordGrain>(key).GetAssignmentAsync() is { } assignment
                ? assignment.Host
                : throw new UnknownServerException(server);
        }
        catch (DamagedRecordException)
        {
            if (await AskHostsAsync(grains, server) is { } host)
                return host;
            throw;
        }
    }

    // A game that runs must be stopped and killed though its record is damaged. Only when every host has answered: one that is away may be the one that has it.
    private static async Task<HostId?> AskHostsAsync(IGrainFactory grains, ServerId server)
    {
        var hosts = await grains.GetGrain<IFleetGrain>(0).ListHostsAsync();
        var held = await Task.WhenAll(hosts.Select(host => grains.GetHostAgent(host).GetAssignmentAsync(server)));
        return held.OfType<ServerAssignment>().OrderByDescending(one => (one.Epoch, one.Version)).FirstOrDefault()?.Host;
    }
}

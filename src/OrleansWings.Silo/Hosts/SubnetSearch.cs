using System.Net;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>Makes a network on the first subnet that nothing on the host has.</summary>
internal static class SubnetSearch
{
    /// <summary>The network, or the one of its name that another process made meanwhile; null when no candidate is free.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="candidates">Tried in order; all of one name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The engine fails.</exception>
    public static async Task<NetworkState?> CreateOnFreeSubnetAsync(
        this IContainerEngine engine, IEnumerable<NetworkSpec> candidates, CancellationToken cancellationToken)
    {
        foreach (var wanted in candidates)
        {
            try
            {
                await engine.CreateNetworkAsync(wanted, cancellationToken).ConfigureAwait(false);
            }
            catch (SubnetTakenException)
            {
                continue;
            }
            catch (NameTakenException)
            {
                // Another process was faster.
            }

            if (await engine.InspectNetworkAsync(wanted.Name, cancellationToken).ConfigureAwait(false) is { } made)
                return made;
        }

        return null;
    }

    /// <summary>The address of a subnet that its bridge has.</summary>
    public static IPAddress FirstAddress(this IPNetwork subnet)
    {
        var bytes = subnet.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }
}

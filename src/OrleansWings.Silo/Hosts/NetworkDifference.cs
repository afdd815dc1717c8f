using System.Globalization;
using System.Net;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>What of the servers' network is not as the settings say: it was there before them, or somebody else made it. Pure.</summary>
internal static class NetworkDifference
{
    /// <summary>The engine's option that holds the largest packet.</summary>
    internal const string MtuOption = "com.docker.network.driver.mtu";

    /// <summary>In words ("the subnet 172.20.0.0/16 instead of 172.30.0.0/16"); null when all that is set is so.</summary>
    /// <param name="network">As it is.</param>
    /// <param name="options">What is set. A network that somebody else made is only asked for what was set by name: its subnets.</param>
    public static string? Describe(NetworkState network, DockerHostOptions options)
    {
        var differences = options.Subnets.Where(set => !network.Subnets.Any(found => IPNetwork.TryParse(found, out var subnet) && subnet == set))
            .Select(set => $"the subnet {(network.Subnets.Count == 0 ? "of the engine's choice" : string.Join(" and ", network.Subnets))} instead of {set}").ToList();
        if (network.Labels.GetValueOrDefault(ContainerLabels.Kind) == ContainerLabels.KindNetwork
            && network.Options.TryGetValue(MtuOption, out var mtu) && mtu != options.NetworkMtu.ToString(CultureInfo.InvariantCulture))
            differences.Add($"packets of {mtu} bytes instead of {options.NetworkMtu.ToString(CultureInfo.InvariantCulture)}");
        return differences.Count == 0 ? null : string.Join(", ", differences);
    }
}

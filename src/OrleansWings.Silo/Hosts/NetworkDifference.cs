using System.Globalization;
using System.Net;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>What of the servers' network is not as the settings say: it was there before them, or somebody else made it. Pure.</summary>
internal static class NetworkDifference
{
    /// <summary>The engine's option that holds the largest packet.</summary>
    internal const string MtuOption = "com.docker.network.driver.mtu";

    /// <summary>The engine's option that lets containers of a bridge reach each other.</summary>
    internal const string BetweenOption = "com.docker.network.bridge.enable_icc";

    /// <summary>The engine's option that lets containers of a bridge reach the world.</summary>
    internal const string OutwardOption = "com.docker.network.bridge.enable_ip_masquerade";

    /// <summary>In words ("the subnet 172.20.0.0/16 instead of 172.30.0.0/16"); null when all that is set is so.</summary>
    /// <param name="network">As it is.</param>
    /// <param name="options">What is set. A network that somebody else made is only asked for what was set by name: its subnets.</param>
    public static string? Describe(NetworkState network, DockerHostOptions options)
    {
        var differences = options.Subnets.Where(set => !network.Subnets.Any(found => IPNetwork.TryParse(found, out var subnet) && subnet == set))
            .Select(set => $"the subnet {(network.Subnets.Count == 0 ? "of the engine's choice" : string.Join(" and ", network.Subnets))} instead of {set}").ToList();
        if (network.Labels.GetValueOrDefault(ContainerLabels.Kind) == ContainerLabels.KindNetwork)
            differences.AddRange(DescribeOptions(network.Options, options.NetworkMtu.ToString(CultureInfo.InvariantCulture)));
        return differences.Count == 0 ? null : string.Join(", ", differences);
    }

    private static IEnumerable<string> DescribeOptions(IReadOnlyDictionary<string, string> found, string mtu)
    {
        if (found.TryGetValue(MtuOption, out var packets) && packets != mtu)
            yield return $"packets of {packets} bytes instead of {mtu}";
        if (IsOff(BetweenOption))
            yield return "no way from server to server";
        if (IsOff(OutwardOption))
            yield return "no way out to the world";

        bool IsOff(string option) => found.TryGetValue(option, out var value) && bool.TryParse(value, out var isOn) && !isOn;
    }
}

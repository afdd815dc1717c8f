using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>The bridge that all servers of a host are on; made when missing, on the first subnet that is free.</summary>
public sealed class ServerNetwork(IContainerEngine engine, DockerHostOptions options) : IDisposable
{
    // The peer's own range comes first, then ranges that few networks use.
    private static readonly string[] s_subnets = [.. Enumerable.Range(18, 14).Select(i => $"172.{i}"), .. Enumerable.Range(200, 20).Select(i => $"10.{i}")];

    // Of this program's own (RFC 4193): where somebody else has the one that is set, games that asked for IPv6 have it all the same.
    private static readonly IPNetwork[] s_subnets6 = [.. Enumerable.Range(1, 3).Select(i => IPNetwork.Parse($"fd4f:5769:6e67:{i}::/64"))];

    private readonly SemaphoreSlim _once = new(1);

    /// <summary>The network, made now if need be; null in the modes "host" and "none", which have none.</summary>
    /// <exception cref="EngineException">No subnet is free, or the one that is set is not; or the engine fails.</exception>
    public async Task<NetworkState?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (options.Network is "host" or "none")
            return null;
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await engine.InspectNetworkAsync(options.Network, cancellationToken).ConfigureAwait(false) is { } network)
                return network;
            return await engine.CreateOnFreeSubnetAsync(Candidates(), cancellationToken).ConfigureAwait(false)
                ?? throw new EngineException($"No subnet is free for the network {options.Network}. Remove networks that nobody uses.");
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    // What is set comes first. Where somebody else has it, games are worth more than the number: the check of the host names the difference.
    private IEnumerable<NetworkSpec> Candidates()
    {
        IEnumerable<IPNetwork> own = Find(AddressFamily.InterNetwork) is { } set ? [set] : [];
        IPNetwork?[] second = Find(AddressFamily.InterNetworkV6) is { } set6 ? [set6, .. IsPrivate(set6) ? s_subnets6 : [], null] : [null];
        return second.SelectMany(six => own.Concat(s_subnets.Select(prefix => IPNetwork.Parse($"{prefix}.0.0/16"))).Select(four => Spec(four, six)));
    }

    // One that others reach is not replaced by one that nobody does.
    private static bool IsPrivate(IPNetwork six) => (six.BaseAddress.GetAddressBytes()[0] & 0xFE) == 0xFC;

    private IPNetwork? Find(AddressFamily family)
        => options.Subnets.Where(subnet => subnet.BaseAddress.AddressFamily == family).Select(subnet => (IPNetwork?)subnet).FirstOrDefault();

    private NetworkSpec Spec(IPNetwork subnet, IPNetwork? second) => new()
    {
        Name = options.Network,
        Subnet = subnet.ToString(),
        Gateway = subnet.FirstAddress().ToString(),
        Subnet6 = second?.ToString(),
        Gateway6 = second?.FirstAddress().ToString(),
        Options = new Dictionary<string, string>
        {
            // The kernel's names of interfaces have at most 15 characters.
            ["com.docker.network.bridge.name"] = options.Network[..Math.Min(options.Network.Length, 15)],
            [NetworkDifference.BetweenOption] = "true",
            [NetworkDifference.OutwardOption] = "true",
            [NetworkDifference.MtuOption] = options.NetworkMtu.ToString(CultureInfo.InvariantCulture),
        },
        Labels = new Dictionary<string, string> { [ContainerLabels.Kind] = ContainerLabels.KindNetwork },
    };
}

using System.Globalization;
using System.Net;
using System.Text;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;

namespace OrleansWings.Silo.Hosts;

/// <summary>
/// The bridges of servers that speak to the world from their own address: one per address, made when the first server on it starts and
/// removed when its last one has gone. The name and the option are the seed's, so a bridge that Wings made is used too.
/// </summary>
public sealed class OutgoingNetworks(IContainerEngine engine, ClusterIdentity cluster, DockerHostOptions host) : IDisposable
{
    /// <summary>The engine's option that holds the address.</summary>
    internal const string AddressOption = "com.docker.network.host_ipv4";

    // The engine's own pools end after some thirty networks; a machine may have more addresses.
    private const int Subnets = 2_560;

    private readonly SemaphoreSlim _once = new(1);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private HashSet<string> _left = [];

    /// <summary>The address that a server's spec wants to send from; null for the host's own choice.</summary>
    public static string? AddressOf(ServerSpec spec) => spec.IsOutgoingIpForced && !spec.Ports.IsEmpty ? spec.Ports[0].Ip : null;

    /// <summary>"ip-203-0-113-7".</summary>
    public static string NameOf(string ip) => $"ip-{ip.Replace('.', '-').Replace(':', '-')}";

    /// <summary>The bridge of an address, made now if need be. Until the answer is disposed it is not removed.</summary>
    /// <param name="ip">An IPv4 address of this host.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">A network of the name exists that is something else; or the engine fails.</exception>
    public async Task<Use> EnsureAsync(string ip, CancellationToken cancellationToken)
    {
        // Given from a pool it may be one that nobody checked.
        if (ServerSpecValidator.CheckOutgoingIp(ip) is { } fault)
            throw new EngineException(fault);
        var name = NameOf(ip);
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var network = await engine.InspectNetworkAsync(name, cancellationToken).ConfigureAwait(false)
                ?? await CreateAsync(name, ip, cancellationToken).ConfigureAwait(false);
            if (network.Driver != "bridge" || network.Options.GetValueOrDefault(AddressOption) != ip)
                throw new EngineException($"A network {name} exists on this host and does not send from {ip}. Remove or rename it.");
            lock (_uses)
                _uses[name] = _uses.GetValueOrDefault(name) + 1;
            return new Use(this, network);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Removes the bridge that a container was on, if it is one of these, this installation's, and nobody's any more.</summary>
    /// <param name="network">The container's network; any other is left alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RemoveUnusedAsync(string network, CancellationToken cancellationToken)
    {
        if (!network.StartsWith("ip-", StringComparison.Ordinal))
            return;
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_uses)
            {
                if (_uses.ContainsKey(network))
                    return;
            }

            var mine = (await cluster.GetAsync(cancellationToken).ConfigureAwait(false)).ToString("D");
            if ((await engine.InspectNetworkAsync(network, cancellationToken).ConfigureAwait(false))?.Labels.GetValueOrDefault(ContainerLabels.Cluster) == mine)
                await engine.RemoveNetworkAsync(network, cancellationToken).ConfigureAwait(false);
        }
        catch (NetworkInUseException)
        {
            // Another server runs on it: whoever goes last takes it along.
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>
    /// Removes every bridge of this installation that no container is on, running or not: one whose removal failed. Not the first time it is
    /// seen: another program on the same engine may have made it for a container that it is about to make.
    /// </summary>
    /// <returns>Why some could not be removed; empty when none is left.</returns>
    /// <exception cref="EngineException">The engine did not answer.</exception>
    internal async Task<string> RemoveLeftAsync(CancellationToken cancellationToken)
    {
        var label = $"{ContainerLabels.Cluster}={await cluster.GetAsync(cancellationToken).ConfigureAwait(false):D}";
        var before = _left;
        _left = await FindLeftAsync(label, cancellationToken).ConfigureAwait(false);
        List<string> problems = [];
        foreach (var network in _left.Where(before.Contains).ToArray())
        {
            try
            {
                await RemoveUnusedAsync(network, cancellationToken).ConfigureAwait(false);
                _left.Remove(network);
            }
            catch (EngineException e) when (e is not EngineUnreachableException)
            {
                problems.Add($"The network {network}, which no server uses, could not be removed: {e.Message}");
            }
        }

        return string.Join(" ", problems);
    }

    private async Task<HashSet<string>> FindLeftAsync(string label, CancellationToken cancellationToken)
    {
        var bridges = (await engine.ListNetworksAsync(label, cancellationToken).ConfigureAwait(false))
            .Where(network => network.Labels.GetValueOrDefault(ContainerLabels.Kind) == ContainerLabels.KindNetwork && network.Options.ContainsKey(AddressOption))
            .Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
        if (bridges.Count > 0)
            bridges.ExceptWith((await engine.ListAsync(label, cancellationToken).ConfigureAwait(false)).Select(container => container.NetworkMode));
        return bridges;
    }

    /// <inheritdoc />
    public void Dispose() => _once.Dispose();

    private async Task<NetworkState> CreateAsync(string name, string ip, CancellationToken cancellationToken)
    {
        var mine = (await cluster.GetAsync(cancellationToken).ConfigureAwait(false)).ToString("D");
        return await engine.CreateOnFreeSubnetAsync(Candidates(ip).Select(Spec), cancellationToken).ConfigureAwait(false)
            ?? throw new EngineException($"No subnet is free for the network {name}. Remove networks that nobody uses.");

        NetworkSpec Spec(IPNetwork subnet) => new()
        {
            Name = name,
            Subnet = subnet.ToString(),
            Gateway = subnet.FirstAddress().ToString(),
            Options = new Dictionary<string, string> { [AddressOption] = ip, [NetworkDifference.MtuOption] = host.NetworkMtu.ToString(CultureInfo.InvariantCulture) },
            Labels = new Dictionary<string, string> { [ContainerLabels.Kind] = ContainerLabels.KindNetwork, [ContainerLabels.Cluster] = mine },
        };
    }

    private static IEnumerable<IPNetwork> Candidates(string ip)
    {
        var first = (int)(Hash(ip) % Subnets);
        return Enumerable.Range(first, Subnets).Select(i => i % Subnets).Select(i => new IPNetwork(new IPAddress([10, (byte)(220 + i / 256), (byte)(i % 256), 0]), 24));
    }

    // The same in every process, so that an address tends to have the same subnet.
    private static uint Hash(string ip) => Encoding.ASCII.GetBytes(ip).Aggregate(2_166_136_261u, (hash, value) => (hash ^ value) * 16_777_619u);

    private void Leave(string name)
    {
        lock (_uses)
        {
            if (_uses[name] == 1)
                _uses.Remove(name);
            else
                _uses[name]--;
        }
    }

    /// <summary>A start is under way on the network.</summary>
    public sealed class Use(OutgoingNetworks owner, NetworkState network) : IDisposable
    {
        private int _isLeft;

        /// <summary>The bridge.</summary>
        public NetworkState Network { get; } = network;

        /// <inheritdoc />
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
                owner.Leave(Network.Name);
        }
    }
}

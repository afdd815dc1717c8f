using OrleansWings.Containers.Engines;

namespace OrleansWings.Silo.Hosts;

/// <summary>The bridge that all servers of a host are on; made when missing, on the first subnet that is free.</summary>
public sealed class ServerNetwork(IContainerEngine engine, DockerHostOptions options) : IDisposable
{
    // The peer's own range comes first, then ranges that few networks use.
    private static readonly string[] s_subnets = [.. Enumerable.Range(18, 14).Select(i => $"172.{i}"), .. Enumerable.Range(200, 20).Select(i => $"10.{i}")];

    private readonly SemaphoreSlim _once = new(1);

    /// <summary>The network, made now if need be.</summary>
    /// <exception cref="EngineException">No subnet is free, or the engine fails.</exception>
    public async Task<NetworkState> EnsureAsync(CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await engine.InspectNetworkAsync(options.Network, cancellationToken).ConfigureAwait(false) is { } network)
                return network;
            foreach (var prefix in s_subnets)
            {
                if (await TryCreateAsync(prefix, cancellationToken).ConfigureAwait(false) is { } made)
                    return made;
            }

            throw new EngineException($"No subnet is free for the network {options.Network}. Remove networks that nobody uses.");
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task<NetworkState?> TryCreateAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            await engine.CreateNetworkAsync(
                new NetworkSpec
                {
                    Name = options.Network,
                    Subnet = $"{prefix}.0.0/16",
                    Gateway = $"{prefix}.0.1",
                    Options = new Dictionary<string, string>
                    {
                        ["com.docker.network.bridge.name"] = options.Network,
                        ["com.docker.network.bridge.enable_icc"] = "true",
                        ["com.docker.network.bridge.enable_ip_masquerade"] = "true",
                        ["com.docker.network.driver.mtu"] = "1500",
                    },
                    Labels = new Dictionary<string, string> { [ContainerLabels.Kind] = "network" },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (SubnetTakenException)
        {
            return null;
        }
        catch (NameTakenException)
        {
            // Another process was faster.
        }

        return await engine.InspectNetworkAsync(options.Network, cancellationToken).ConfigureAwait(false);
    }
}

using System.Net;
using OrleansWings.Containers.Engines;

namespace OrleansWings.Testing.Engines;

public sealed partial class FakeContainerEngine
{
    private readonly Dictionary<string, NetworkState> _networks = [];

    public async Task<NetworkState?> InspectNetworkAsync(string network, CancellationToken cancellationToken)
    {
        await EnterAsync("network", network, _timeouts.Call, cancellationToken);
        lock (_lock)
            return _networks.GetValueOrDefault(network) ?? _networks.Values.FirstOrDefault(held => held.Id == network);
    }

    public async Task<IReadOnlyList<NetworkState>> ListNetworksAsync(string label, CancellationToken cancellationToken)
    {
        await EnterAsync("networks", label, _timeouts.Call, cancellationToken);
        var (name, value) = label.Split('=', 2) is [var left, var right] ? (left, right) : (label, null);
        lock (_lock)
            return [.. _networks.Values.Where(network => network.Labels.TryGetValue(name, out var has) && (value is null || has == value))];
    }

    public async Task CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken)
    {
        await EnterAsync("create-network", spec.Name, _timeouts.Change, cancellationToken);
        lock (_lock)
        {
            if (_networks.ContainsKey(spec.Name))
                throw new NameTakenException(spec.Name);

            var subnet = spec.Subnet ?? FreeSubnet();
            string[] subnets = spec.Subnet6 is { } second ? [subnet, second] : [subnet];
            if (Array.Find(subnets, wanted => _networks.Values.Any(held => held.Subnets.Any(other => Overlap(other, wanted)))) is { } taken)
                throw new SubnetTakenException(taken, "Pool overlaps with other one on this address space");

            _networks[spec.Name] = new NetworkState(
                NewId(), spec.Name, spec.Driver, subnets, [.. ((string?[])[spec.Gateway, spec.Gateway6]).OfType<string>()], spec.Labels)
            { Options = spec.Options };
        }
    }

    public async Task<bool> RemoveNetworkAsync(string network, CancellationToken cancellationToken)
    {
        await EnterAsync("remove-network", network, _timeouts.Change, cancellationToken);
        lock (_lock)
        {
            if (_byName.Values.Any(container => container.IsRunning && container.Spec.NetworkMode == network))
                throw new NetworkInUseException(network);

            return _networks.Remove(network);
        }
    }

    private string FreeSubnet()
        => Enumerable.Range(18, 200).Select(number => $"172.{number}.0.0/16").First(subnet => !_networks.Values.Any(held => held.Subnets.Any(other => Overlap(other, subnet))));

    private static bool Overlap(string one, string other)
    {
        var (a, b) = (IPNetwork.Parse(one), IPNetwork.Parse(other));
        return a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);
    }
}

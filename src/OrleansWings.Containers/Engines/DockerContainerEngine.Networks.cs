using System.Net;
using Docker.DotNet.Models;

namespace OrleansWings.Containers.Engines;

public sealed partial class DockerContainerEngine
{
    public async Task<NetworkState?> InspectNetworkAsync(string network, CancellationToken cancellationToken)
    {
        var client = Client;
        try
        {
            var found = await _calls.RunAsync(_timeouts.Call, token => client.Networks.InspectNetworkAsync(network, token), cancellationToken).ConfigureAwait(false);

            // The engine also takes the beginning of an id for a name.
            return found.Name == network || found.ID == network ? ToState(found) : null;
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken)
    {
        // Older engines make a second network of the same name and then call the name ambiguous for ever.
        var client = Client;
        if (await InspectNetworkAsync(spec.Name, cancellationToken).ConfigureAwait(false) is not null)
            throw new NameTakenException(spec.Name);

        try
        {
            await _calls.RunAsync(_timeouts.Change, token => client.Networks.CreateNetworkAsync(ToParameters(spec), token), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsTakenSubnet(answer))
        {
            throw new SubnetTakenException(spec.Subnet ?? "", answer.Message);
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsTakenName(answer) || EngineRefusals.IsTakenBridge(answer, spec.Name))
        {
            throw new NameTakenException(spec.Name);
        }
    }

    public async Task<bool> RemoveNetworkAsync(string network, CancellationToken cancellationToken)
    {
        var client = Client;
        try
        {
            await _calls.RunAsync(_timeouts.Change, token => client.Networks.DeleteNetworkAsync(network, token), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineAnswerException answer) when (answer.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (EngineAnswerException answer) when (EngineRefusals.IsNetworkInUse(answer))
        {
            throw new NetworkInUseException(network);
        }
    }

    public async Task<IReadOnlyList<NetworkState>> ListNetworksAsync(string label, CancellationToken cancellationToken)
    {
        var client = Client;
        var parameters = new NetworksListParameters { Filters = LabelFilter(label) };
        var found = await _calls.RunAsync(_timeouts.Call, token => client.Networks.ListNetworksAsync(parameters, token), cancellationToken).ConfigureAwait(false);
        return [.. found.Select(ToState)];
    }

    private static NetworksCreateParameters ToParameters(NetworkSpec spec) => new()
    {
        Name = spec.Name,
        Driver = spec.Driver,
        Internal = spec.IsInternal,
        EnableIPv6 = spec.Subnet6 is not null || spec.Subnet?.Contains(':', StringComparison.Ordinal) == true ? true : null,
        Options = new Dictionary<string, string>(spec.Options),
        Labels = new Dictionary<string, string>(spec.Labels),
        IPAM = Pools(spec) is { Count: > 0 } pools ? new IPAM { Driver = "default", Config = pools } : null,
    };

    private static List<IPAMConfig> Pools(NetworkSpec spec)
    {
        (string? Subnet, string? Gateway)[] pools = [(spec.Subnet, spec.Gateway), (spec.Subnet6, spec.Gateway6)];
        return [.. pools.Where(pool => pool.Subnet is not null).Select(pool => new IPAMConfig { Subnet = pool.Subnet!, Gateway = pool.Gateway ?? "" })];
    }

    private static NetworkState ToState(NetworkResponse found)
    {
        var ranges = found.IPAM?.Config ?? [];
        return new NetworkState(
            found.ID,
            found.Name,
            found.Driver,
            [.. ranges.Select(range => range.Subnet).Where(subnet => !string.IsNullOrEmpty(subnet))],
            [.. ranges.Select(range => range.Gateway).Where(gateway => !string.IsNullOrEmpty(gateway))],
            found.Labels is null ? [] : new Dictionary<string, string>(found.Labels))
        {
            Options = found.Options is null ? [] : new Dictionary<string, string>(found.Options),
        };
    }
}

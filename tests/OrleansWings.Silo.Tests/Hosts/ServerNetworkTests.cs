using System.Net;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class ServerNetworkTests : IAsyncDisposable
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    private readonly FakeContainerEngine _engine = new();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Ensure_NothingSet_MakesItOnceOnTheFirstFreeSubnet()
    {
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "other", Subnet = "172.18.0.0/16" }, s_token);
        using var network = new ServerNetwork(_engine, new DockerHostOptions());

        var made = await network.EnsureAsync(s_token);

        Assert.Equal(["172.19.0.0/16"], made!.Subnets);
        Assert.Equal(["172.19.0.1"], made.Gateways);
        Assert.Equal(made, await network.EnsureAsync(s_token));
        Assert.Equal(2, _engine.Calls.Count(call => call == "create-network orleanswings0")); // the first was refused
    }

    [Fact]
    public async Task Ensure_SubnetsSet_MakesThoseAndNoOther()
    {
        var options = new DockerHostOptions { Network = "games0", Subnets = [IPNetwork.Parse("fd00:30::/64"), IPNetwork.Parse("10.77.0.0/24")] };
        using var network = new ServerNetwork(_engine, options);

        var made = await network.EnsureAsync(s_token);

        Assert.Equal(["10.77.0.0/24", "fd00:30::/64"], made!.Subnets);
        Assert.Equal(["10.77.0.1", "fd00:30::1"], made.Gateways);
    }

    [Theory]
    [InlineData("10.77.1.0/24;fd00:30::/64", "172.18.0.0/16 fd00:30::/64")]
    [InlineData("10.78.1.0/24;fd00:77::/64", "10.78.1.0/24 fd4f:5769:6e67:1::/64")]
    [InlineData("10.78.1.0/24;2001:db8:77::/64", "10.78.1.0/24")]
    public async Task Ensure_SubnetThatIsSetIsInUse_TakesAFreeOneInItsPlace(string set, string taken)
    {
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "other", Subnet = "10.77.0.0/16" }, s_token);
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "third", Subnet = "fd00:77::/64" }, s_token);
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "fourth", Subnet = "2001:db8:77::/64" }, s_token);
        var options = new DockerHostOptions { Subnets = [.. set.Split(';').Select(subnet => IPNetwork.Parse(subnet))] };
        using var network = new ServerNetwork(_engine, options);

        var made = await network.EnsureAsync(s_token);

        Assert.Equal(taken, string.Join(' ', made!.Subnets));
        // And the check of the host says so.
        Assert.NotNull(NetworkDifference.Describe(made, options));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("none")]
    public async Task Ensure_ModeWithoutNetwork_MakesNone(string mode)
    {
        using var network = new ServerNetwork(_engine, new DockerHostOptions { Network = mode });

        Assert.Null(await network.EnsureAsync(s_token));
        Assert.Empty(_engine.Calls);
    }
}

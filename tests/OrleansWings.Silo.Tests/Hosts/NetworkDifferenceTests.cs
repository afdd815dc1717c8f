using System.Net;
using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>A network that exists with other options than are set.</summary>
public sealed class NetworkDifferenceTests
{
    private static readonly NetworkState s_ours = new("id", "orleanswings0", "bridge", ["172.18.0.0/16"], ["172.18.0.1"], new Dictionary<string, string> { [ContainerLabels.Kind] = "network" })
    {
        Options = new Dictionary<string, string> { [NetworkDifference.MtuOption] = "1500" },
    };

    [Fact]
    public void Describe_NothingSet_NothingDiffers() => Assert.Null(NetworkDifference.Describe(s_ours, new DockerHostOptions()));

    [Fact]
    public void Describe_AsSet_NothingDiffers()
        => Assert.Null(NetworkDifference.Describe(s_ours, new DockerHostOptions { Subnets = [IPNetwork.Parse("172.18.0.0/16")] }));

    [Fact]
    public void Describe_OtherSubnet_NamesBoth()
        => Assert.Equal("the subnet 172.18.0.0/16 instead of 172.30.0.0/16", NetworkDifference.Describe(s_ours, new DockerHostOptions { Subnets = [IPNetwork.Parse("172.30.0.0/16")] }));

    [Fact]
    public void Describe_NoIpv6ThoughSet_NamesIt()
        => Assert.Equal(
            "the subnet 172.18.0.0/16 instead of fd00:30::/64",
            NetworkDifference.Describe(s_ours, new DockerHostOptions { Subnets = [IPNetwork.Parse("172.18.0.0/16"), IPNetwork.Parse("fd00:30::/64")] }));

    [Fact]
    public void Describe_OtherMtuAndSubnet_NamesBoth()
        => Assert.Equal(
            "the subnet 172.18.0.0/16 instead of 10.1.0.0/16, packets of 1500 bytes instead of 1400",
            NetworkDifference.Describe(s_ours, new DockerHostOptions { NetworkMtu = 1_400, Subnets = [IPNetwork.Parse("10.1.0.0/16")] }));

    [Theory]
    [InlineData("com.docker.network.bridge.enable_icc", "false", "no way from server to server")]
    [InlineData("com.docker.network.bridge.enable_ip_masquerade", "false", "no way out to the world")]
    [InlineData("com.docker.network.bridge.enable_ip_masquerade", "true", null)]
    [InlineData("com.docker.network.bridge.enable_ip_masquerade", "maybe", null)]
    public void Describe_OtherSwitches_SaysWhatTheyMean(string option, string value, string? expected)
        => Assert.Equal(expected, NetworkDifference.Describe(s_ours with { Options = new Dictionary<string, string> { [option] = value } }, new DockerHostOptions()));

    [Fact]
    public void Describe_NetworkOfSomebodyElse_IsOnlyAskedForItsSubnets()
    {
        var theirs = s_ours with { Driver = "macvlan", Labels = new Dictionary<string, string>(), Subnets = [] };

        Assert.Null(NetworkDifference.Describe(theirs, new DockerHostOptions { NetworkMtu = 1_400 }));
        Assert.Equal("the subnet of the engine's choice instead of 10.1.0.0/16", NetworkDifference.Describe(theirs, new DockerHostOptions { Subnets = [IPNetwork.Parse("10.1.0.0/16")] }));
    }
}

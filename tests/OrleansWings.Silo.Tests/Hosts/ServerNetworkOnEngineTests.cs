using System.Net;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

/// <summary>The servers' network on a real engine: which subnet it gets, one that was there, and the modes that have none.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerNetworkOnEngineTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_SubnetThatIsSetIsSomebodyElses_RunsOnAFreeOne_AndTheCheckSaysSo()
    {
        RealEngine.Require();
        var (taken, own) = (HostOnEngine.NewNetworkName(), HostOnEngine.NewNetworkName());
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = own, Subnets = [IPNetwork.Parse("10.213.7.0/24")] });
        await host.Docker.RunAsync("network", "create", "--subnet", "10.213.0.0/16", taken);
        try
        {
            await host.StartAsync();

            var subnet = IPNetwork.Parse(Assert.Single((await host.Engine.InspectNetworkAsync(own, s_token))!.Subnets));
            Assert.False(IPNetwork.Parse("10.213.0.0/16").Contains(subnet.BaseAddress), $"{subnet} overlaps.");
            Assert.Equal(own, await host.Docker.InspectAsync(host.Name, "{{.HostConfig.NetworkMode}}"));
            var address = await host.Docker.InspectAsync(host.Name, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
            Assert.True(subnet.Contains(IPAddress.Parse(address!)), $"{address} is not in {subnet}.");
            var finding = Assert.Single(await host.Reconciler.CheckAsync(isDryRun: true, s_token));
            Assert.Equal((HostFindingKind.OtherNetwork, true), (finding.Kind, finding.Text.Contains($"the subnet {subnet} instead of 10.213.7.0/24", StringComparison.Ordinal)));
            await host.EndAsync(PowerAction.Kill);
        }
        finally
        {
            await host.Docker.RunAsync("network", "rm", taken);
        }
    }

    [Fact]
    public async Task Start_NothingIsSet_TwoInstallationsGetTwoSubnets()
    {
        RealEngine.Require();
        await using var one = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = HostOnEngine.NewNetworkName() });
        await using var two = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = HostOnEngine.NewNetworkName() });

        await Task.WhenAll(one.StartAsync(), two.StartAsync());

        var subnets = await Task.WhenAll(((HostOnEngine[])[one, two]).Select(async host
            => Assert.Single((await host.Engine.InspectNetworkAsync((await host.Docker.InspectAsync(host.Name, "{{.HostConfig.NetworkMode}}"))!, s_token))!.Subnets)));
        Assert.NotEqual(subnets[0], subnets[1]);
        Assert.Empty(await one.Reconciler.CheckAsync(isDryRun: true, s_token));
    }

    [Fact]
    public async Task Start_NetworkIsThereWithOtherOptions_IsUsedAsItIs_AndTheCheckSaysSo()
    {
        RealEngine.Require();
        var network = HostOnEngine.NewNetworkName();
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = network, Subnets = [IPNetwork.Parse("10.213.9.0/24")], NetworkMtu = 1_400 });
        await host.Docker.RunAsync("network", "create", "--subnet", "10.213.8.0/24", "--label", $"{ContainerLabels.Kind}={ContainerLabels.KindNetwork}", "--opt", "com.docker.network.driver.mtu=1300", network);

        await host.StartAsync();

        Assert.Equal("1300", await host.RunInGameAsync("cat /sys/class/net/eth0/mtu"));
        var finding = Assert.Single(await host.Reconciler.CheckAsync(isDryRun: false, s_token));
        Assert.Equal(HostFindingKind.OtherNetwork, finding.Kind);
        Assert.Contains("the subnet 10.213.8.0/24 instead of 10.213.9.0/24, packets of 1300 bytes instead of 1400", finding.Text, StringComparison.Ordinal);
        // As it says: with the servers stopped and the network removed the next start makes it as it is set.
        await host.EndAsync(PowerAction.Stop);
        await host.Docker.RunAsync("network", "rm", network);
        await host.StartAsync();
        Assert.Equal("1400", await host.RunInGameAsync("cat /sys/class/net/eth0/mtu"));
        Assert.Equal(["10.213.9.0/24"], (await host.Engine.InspectNetworkAsync(network, s_token))!.Subnets);
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: true, s_token));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("host")]
    public async Task Start_ModeWithoutNetwork_IsTheContainers(string mode)
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = mode });

        await host.StartAsync();

        Assert.Equal(mode, await host.Docker.InspectAsync(host.Name, "{{.HostConfig.NetworkMode}}"));
        var interfaces = (await host.RunInGameAsync("ls /sys/class/net; true")).Split((string[])["\n", " "], StringSplitOptions.RemoveEmptyEntries);
        // The host's own has the engine's bridge.
        Assert.Equal(mode == "host", interfaces.Contains("docker0"));
        Assert.Contains("lo", interfaces);
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: true, s_token));
        await host.EndAsync(PowerAction.Stop);
    }
}

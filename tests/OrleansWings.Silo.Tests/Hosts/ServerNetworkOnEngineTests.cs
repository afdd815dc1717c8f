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
    public async Task Start_SubnetOfIpv6ThatIsSetIsSomebodyElses_HasAFreeOneOfIpv6()
    {
        RealEngine.Require();
        var (taken, own) = (HostOnEngine.NewNetworkName(), HostOnEngine.NewNetworkName());
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = own, Subnets = [IPNetwork.Parse("10.213.20.0/24"), IPNetwork.Parse("fd00:213:20::/64")] });
        await host.Docker.RunAsync("network", "create", "--ipv6", "--subnet", "10.213.21.0/24", "--subnet", "fd00:213:20::/64", taken);
        try
        {
            await host.StartAsync();

            var subnets = (await host.Engine.InspectNetworkAsync(own, s_token))!.Subnets;
            Assert.Equal("10.213.20.0/24", subnets[0]);
            Assert.StartsWith("fd4f:5769:6e67:", subnets[1], StringComparison.Ordinal);
            Assert.StartsWith("fd4f:5769:6e67:", await host.Docker.InspectAsync(host.Name, "{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}"), StringComparison.Ordinal);
            Assert.Contains("instead of fd00:213:20::/64", Assert.Single(await host.Reconciler.CheckAsync(isDryRun: true, s_token)).Text, StringComparison.Ordinal);
            await host.EndAsync(PowerAction.Kill);
        }
        finally
        {
            await host.Docker.RunAsync("network", "rm", taken);
        }
    }

    [Fact]
    public async Task Start_OutgoingAddressWhoseNetworkIsAnotherOne_IsRefusedByName_AndTheNetworkIsLeftAlone()
    {
        RealEngine.Require();
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = HostOnEngine.NewNetworkName() });
        // The address of no other test.
        const string name = "ip-192-0-2-213";
        await host.Docker.RunAsync("network", "create", "--subnet", "10.213.22.0/24", name);
        try
        {
            await host.Program.AddAsync(HostOnEngine.Game with { Ports = [new("192.0.2.213", 25_565)], IsOutgoingIpForced = true });
            Assert.True((await host.Program.AskAsync(PowerAction.Start)).IsAccepted);
            await host.UntilAsync(() => host.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the refusal");

            Assert.Equal($"A network {name} exists on this host and does not send from 192.0.2.213. Remove or rename it.", host.Worker.State.Problem!.Message);
            Assert.Equal(["10.213.22.0/24"], (await host.Engine.InspectNetworkAsync(name, s_token))!.Subnets);
        }
        finally
        {
            await host.Docker.RunAsync("network", "rm", name);
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
        await host.Docker.RunAsync("network", "create", "--subnet", "10.213.8.0/24", "--label", $"{ContainerLabels.Kind}={ContainerLabels.KindNetwork}", "--opt", "com.docker.network.driver.mtu=1300", "--opt", "com.docker.network.bridge.enable_icc=false", network);

        await host.StartAsync();

        Assert.Equal("1300", await host.RunInGameAsync("cat /sys/class/net/eth0/mtu"));
        var finding = Assert.Single(await host.Reconciler.CheckAsync(isDryRun: false, s_token));
        Assert.Equal(HostFindingKind.OtherNetwork, finding.Kind);
        Assert.Contains("the subnet 10.213.8.0/24 instead of 10.213.9.0/24, packets of 1300 bytes instead of 1400, no way from server to server", finding.Text, StringComparison.Ordinal);
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

        // An address of its own is not dropped without a word.
        await host.Program.AddAsync(HostOnEngine.Game with { Ports = [new("192.0.2.2", 25_565)], IsOutgoingIpForced = true }, version: 2);
        Assert.True((await host.Program.AskAsync(PowerAction.Start)).IsAccepted);
        await host.UntilAsync(() => host.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the refusal");
        Assert.Equal($"This host runs its servers in the network mode {mode}: they cannot send from an address of their own, as 192.0.2.2.", host.Worker.State.Problem!.Message);
    }

    [Fact]
    public async Task Start_NetworkIsOneThatTheOperatorMade_IsUsedAsItIs()
    {
        RealEngine.Require();
        var own = HostOnEngine.NewNetworkName();
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = own });
        await host.Docker.RunAsync("network", "create", "--subnet", "10.213.99.0/24", "--opt", "com.docker.network.bridge.enable_icc=false", own);

        await host.StartAsync();

        Assert.StartsWith("10.213.99.", await host.Docker.InspectAsync(host.Name, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"), StringComparison.Ordinal);
        Assert.Empty((await host.Engine.InspectNetworkAsync(own, s_token))!.Labels);
        Assert.Empty(await host.Reconciler.CheckAsync(isDryRun: true, s_token));
    }
}

using OrleansWings.Containers.Engines;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Hosts;

public sealed class OutgoingNetworksTests : IAsyncLifetime
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly HostLedger _ledger;
    private readonly OutgoingNetworks _networks;
    private readonly ClusterIdentity _cluster;

    public OutgoingNetworksTests()
    {
        _ledger = new HostLedger(Path.Combine(_folder.Path, "host.db"));
        _cluster = new ClusterIdentity(_ledger);
        _networks = new OutgoingNetworks(_engine, _cluster, new DockerHostOptions { NetworkMtu = 1_400 });
    }

    public async ValueTask InitializeAsync() => await _cluster.SetAsync(Guid.NewGuid());

    public async ValueTask DisposeAsync()
    {
        _networks.Dispose();
        await _ledger.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ensure_ByManyAtOnce_IsOneBridgePerAddress()
    {
        var uses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _networks.EnsureAsync($"203.0.113.{i % 2}", s_token)));

        Assert.Equal(["ip-203-0-113-0", "ip-203-0-113-1"], uses.Select(use => use.Network.Name).Distinct().Order());
        Assert.Equal(2, uses.SelectMany(use => use.Network.Subnets).Distinct().Count());
        Assert.Equal("203.0.113.1", uses[1].Network.Options["com.docker.network.host_ipv4"]);
    }

    [Fact]
    public async Task Ensure_SubnetInUse_TakesTheNext()
    {
        var first = (await _networks.EnsureAsync("203.0.113.7", s_token)).Network.Subnets[0];
        await _engine.RemoveNetworkAsync("ip-203-0-113-7", s_token);
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "other", Subnet = first }, s_token);

        Assert.NotEqual(first, (await _networks.EnsureAsync("203.0.113.7", s_token)).Network.Subnets[0]);
    }

    [Fact]
    public async Task Ensure_NameIsAnotherNetworks_IsRefusedByNameAndItIsLeftAlone()
    {
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "ip-203-0-113-7", Options = new Dictionary<string, string> { ["com.docker.network.host_ipv4"] = "203.0.113.8" } }, s_token);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _networks.EnsureAsync("203.0.113.7", s_token));

        Assert.Equal("A network ip-203-0-113-7 exists on this host and does not send from 203.0.113.7. Remove or rename it.", failure.Message);
        await _networks.RemoveUnusedAsync("ip-203-0-113-7", s_token);
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("2001:db8::7")]
    public async Task Ensure_AddressThatIsNoneToSendFrom_IsRefused(string ip)
        => Assert.Contains($"and {ip} is none to send from", (await Assert.ThrowsAsync<EngineException>(() => _networks.EnsureAsync(ip, s_token))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RemoveUnused_WhileAStartIsUnderWay_WaitsForTheLastOne()
    {
        var (one, two) = (await _networks.EnsureAsync("203.0.113.7", s_token), await _networks.EnsureAsync("203.0.113.7", s_token));

        one.Dispose();
        one.Dispose();
        await _networks.RemoveUnusedAsync("ip-203-0-113-7", s_token);
        Assert.NotNull(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));

        two.Dispose();
        await _networks.RemoveUnusedAsync("ip-203-0-113-7", s_token);
        Assert.Null(await _engine.InspectNetworkAsync("ip-203-0-113-7", s_token));
    }

    [Fact]
    public async Task RemoveUnused_OfAnyOtherNetwork_LeavesItAlone()
    {
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = "games" }, s_token);
        await _networks.RemoveUnusedAsync("games", s_token);

        Assert.NotNull(await _engine.InspectNetworkAsync("games", s_token));
    }
}

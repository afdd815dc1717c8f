using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A server is given to another host: never two of it, and the old copy ends before anything else.</summary>
public sealed class ReassignTests
{
    private static readonly HostId s_h2 = new("h2");

    [Fact]
    public async Task Reassign_HostIsLost_WarnsFirstAndTheReturningHostEndsItsCopy()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        var server = await cluster.RunServerAsync(Specs.Game() with { Host = new HostId("h1") });
        await cluster.StopHostAsync("h1", isKilled: true);
        Assert.Single(cluster.FakeEngine("h1").Containers);

        var warned = await Eventually.GetAsync(() => server.ReassignAsync(s_h2, isRiskAccepted: false), result => result.Refusal == ServerRefusal.RiskNotAccepted);
        Assert.Contains("it may still run this server, and both would write the same files", warned.Message, StringComparison.Ordinal);
        Assert.True((await server.ReassignAsync(s_h2, isRiskAccepted: true)).IsAccepted);

        var running = await cluster.StartServerAsync(server);
        Assert.Equal((s_h2, 2), (running.Host, running.Run));
        Assert.Single(cluster.FakeEngine("h2").Containers);

        await cluster.StartHostAsync("h1");
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers is [{ Host.Value: "h2", IsReachable: true }]);
        Assert.Equal(PowerState.Running, (await server.GetSnapshotAsync())!.State);
        Assert.Single(cluster.FakeEngine("h2").Containers);
    }

    [Fact]
    public async Task Reassign_HostAnswers_OnlyWhenOffline()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        var server = await cluster.RunServerAsync(Specs.Game() with { Host = new HostId("h1") });
        await Eventually.GetAsync(() => server.ReassignAsync(s_h2, isRiskAccepted: true), result => result.Refusal == ServerRefusal.HostInUse);

        await server.StopAsync();
        await cluster.WaitForAsync(server, PowerState.Offline);
        await Eventually.GetAsync(() => server.ReassignAsync(s_h2, isRiskAccepted: true), result => result.IsAccepted);

        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);
        Assert.Equal(s_h2, (await cluster.StartServerAsync(server)).Host);
    }

    [Fact]
    public async Task Reassign_AJoinHadReadTheRecordBefore_NoCopyComesBackThatWouldTakeAStartAndLoseIt()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = new HostId("h1") });
        await cluster.UntilReadyAsync(hosts: 2);
        var servers = cluster.Host("h1").GetRequiredService<HostServers>();
        var read = await Eventually.GetAsync(() => Task.FromResult(servers.Find(server.Id)?.State.Assignment), held => held is not null);
        Assert.True((await server.ReassignAsync(s_h2, isRiskAccepted: true)).IsAccepted);

        Assert.Null(await servers.AssignAsync(read!));

        Assert.Null(servers.Find(server.Id));
        // Until its copy is left here, each join says so anew.
        await Eventually.TrueAsync(() => servers.Held().All(held => held.Server != server.Id));
        // Not for ever: the id may be used again, for a server that begins anew.
        servers.OnRecordsTaken(Stopwatch.GetTimestamp() + 30 * Stopwatch.Frequency);
        Assert.Null(await servers.AssignAsync(read!));
        servers.OnRecordsTaken(Stopwatch.GetTimestamp() + 120 * Stopwatch.Frequency);
        Assert.NotNull(await servers.AssignAsync(read!));
        cluster.Host("h1").GetRequiredService<HostReporter>().JoinNow();
        await Eventually.TrueAsync(() => servers.Find(server.Id) is null);

        Assert.Equal(s_h2, (await cluster.StartServerAsync(server)).Host);
    }

    [Fact]
    public async Task Reassign_InTheMiddleOfAStart_IsRefusedThoughTheRecordHasNotHeardOfIt()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(hosts: 2, calls: calls);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = new HostId("h1"), DoneLines = ["never said"] });
        await cluster.UntilReadyAsync(hosts: 2);
        calls.LoseNext(nameof(IServerRecordGrain.TakeSnapshotAsync), 1_000);
        Assert.True((await server.StartAsync()).IsAccepted);

        var refused = await server.ReassignAsync(s_h2, isRiskAccepted: true);

        Assert.Equal((ServerRefusal.HostInUse, "Host h1 answers and the server game is not offline there. Stop it first."), (refused.Refusal, refused.Message));
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 1);
        Assert.Empty(cluster.FakeEngine("h2").Containers);

        Assert.True((await server.KillAsync()).IsAccepted);
        await cluster.WaitForAsync(server, PowerState.Offline);
        Assert.True((await server.ReassignAsync(s_h2, isRiskAccepted: true)).IsAccepted);
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);
    }

    [Fact]
    public async Task Reassign_AStartInItsMiddle_IsRefusedAndNotLost_AndOneThatIsRefusedHoldsNoStartUp()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(hosts: 2, calls: calls);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = new HostId("h1") });
        await cluster.UntilReadyAsync(hosts: 2);
        var asked = new List<ServerResult>();
        calls.BeforeNext(nameof(IHostGrain.ReserveServerAsync), async () => asked.Add(await server.StartAsync()));

        var given = await Eventually.GetAsync(() => server.ReassignAsync(s_h2, isRiskAccepted: true), result => result.IsAccepted);

        Assert.True(given.IsAccepted);
        Assert.Equal((ServerRefusal.HostUnreachable, "The host is letting go of this server: ask once more in a moment."), (Assert.Single(asked).Refusal, asked[0].Message));
        Assert.Equal(s_h2, (await cluster.StartServerAsync(server)).Host);
        Assert.DoesNotContain(cluster.FakeEngine("h1").Calls, call => call.StartsWith("create ", StringComparison.Ordinal));

        await server.KillAsync();
        await cluster.WaitForAsync(server, PowerState.Offline);
        calls.BeforeNext(nameof(IHostGrain.ReserveServerAsync), () => throw new IOException("The test lets this fail."));
        await Assert.ThrowsAnyAsync<Exception>(() => server.ReassignAsync(new HostId("h1"), isRiskAccepted: true));
        // At once, and not when the time of holding is over.
        Assert.True((await server.StartAsync()).IsAccepted);
        await cluster.WaitForAsync(server, PowerState.Running);
    }

    [Fact]
    public async Task Reassign_HostsHaveOtherPools_ThePortsOfThePoolAreGivenAnewAndTheNamedOnesStay()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts.Length == 2);
        foreach (var (host, first) in ((string, int)[])[("h1", 1000), ("h2", 2000)])
            Assert.True((await cluster.Fleet.GetHost(new HostId(host)).AddPoolAsync(new AllocationPool { Address = "0.0.0.0", FirstPort = first, LastPort = first + 9 })).IsAccepted);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = new HostId("h1"), PortCount = 2 });
        await cluster.StopHostAsync("h1", isKilled: true);

        var given = await Eventually.GetAsync(() => server.ReassignAsync(s_h2, isRiskAccepted: true), result => result.IsAccepted || result.Refusal == ServerRefusal.PortTaken);

        Assert.True(given.IsAccepted, given.Message);
        Assert.Equal([2000, 2001], (await server.GetSpecAsync())!.Ports.Select(port => port.Port));
    }

    [Fact]
    public async Task Reassign_HostAnswers_AStartThatFollowsAtOnceIsNotLostWithTheOldCopy()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = new HostId("h1") });
        await cluster.UntilReadyAsync(hosts: 2);
        Assert.Equal(PowerState.Offline, (await server.GetSnapshotAsync())!.State);

        for (var i = 0; i < 10; i++)
        {
            var to = new HostId(i % 2 == 0 ? "h2" : "h1");
            await Eventually.GetAsync(() => server.ReassignAsync(to, isRiskAccepted: true), result => result.IsAccepted);
            Assert.Equal(to, (await cluster.StartServerAsync(server)).Host);
            await server.KillAsync();
            await cluster.WaitForAsync(server, PowerState.Offline);
        }
    }

    [Fact]
    public async Task Reassign_ToNowhere_IsRefusedByName()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game());

        var refused = await server.ReassignAsync(new HostId("moon"), isRiskAccepted: true);

        Assert.Equal(ServerRefusal.NoHost, refused.Refusal);
        Assert.Equal("There is no host named moon. Known hosts: h1.", refused.Message);
        Assert.Equal(ServerRefusal.Invalid, (await server.ReassignAsync(new HostId("h1"), isRiskAccepted: true)).Refusal);
    }
}

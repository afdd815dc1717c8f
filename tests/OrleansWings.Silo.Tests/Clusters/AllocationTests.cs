using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>Ports from pools: given at once to one server only, kept, and given back.</summary>
public sealed class AllocationTests
{
    private static readonly HostId s_h1 = new("h1");
    private static readonly HostId s_h2 = new("h2");

    [Fact]
    public async Task Create_FiftyAtOnceOnTwoHosts_NoPortIsDoubledNoneIsLostAllComeBack()
    {
        await using var cluster = await StartAsync(2);
        await AddPoolAsync(cluster, s_h1, 1000, 1059);
        await AddPoolAsync(cluster, s_h2, 2000, 2029);

        // 60 and 30 ports: of 50 servers with 2 each 45 find theirs.
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => cluster.Fleet.CreateServerAsync(Game($"game {i}", ports: 2))));

        var created = results.Where(result => result.IsAccepted).ToArray();
        var given = created.SelectMany(result => result.Ports.Select(port => (result.Host, port))).ToArray();
        Assert.Equal(45, created.Length);
        Assert.Equal(given.Distinct(), given);
        Assert.Equal([60, 30], given.GroupBy(one => one.Host!.Value).OrderBy(group => group.Key.Value).Select(group => group.Count()));
        Assert.All(results.Except(created), result => Assert.Equal(ServerRefusal.NoHost, result.Refusal));
        foreach (var host in new[] { s_h1, s_h2 })
        {
            var held = await cluster.Fleet.GetHost(host).ListAllocationsAsync();
            Assert.Equal(created.Where(result => result.Host == host).SelectMany(result => result.Ports).OrderBy(port => port.Port), held.Select(one => one.Port));
        }

        foreach (var result in created)
        {
            Assert.Equal(result.Ports, (await cluster.Fleet.GetServer(result.Server!.Value).GetSnapshotAsync())!.Ports);
            Assert.True((await cluster.Fleet.GetServer(result.Server!.Value).DeleteAsync()).IsAccepted);
        }

        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts.Select(host => host.Capacity!.FreePoolPorts).SequenceEqual([60, 30]));
        Assert.Empty(await cluster.Fleet.GetHost(s_h1).ListAllocationsAsync());
        Assert.True((await cluster.Fleet.CreateServerAsync(Game("again", ports: 30))).IsAccepted);
    }

    [Fact]
    public async Task Create_SomePortsNamed_TheRestIsGivenAndARetryIsTheSame()
    {
        await using var cluster = await StartAsync(1);
        await AddPoolAsync(cluster, s_h1, 1000, 1009);
        var spec = Game("game", ports: 3) with { Ports = [new("0.0.0.0", 1005)] };

        var created = await cluster.Fleet.CreateServerAsync(spec);
        var again = await cluster.Fleet.CreateServerAsync(spec, created.Server);
        var other = await cluster.Fleet.CreateServerAsync(spec with { PortCount = 4 }, created.Server);
        var server = cluster.Fleet.GetServer(created.Server!.Value);
        var unchanged = await server.UpdateAsync(spec);
        var grown = await server.UpdateAsync(spec with { PortCount = 4 });
        var shrunk = await server.UpdateAsync(spec with { PortCount = 0 });

        Assert.Equal([1005, 1000, 1001], created.Ports.Select(port => port.Port));
        Assert.Contains("with 0.0.0.0:1005, 0.0.0.0:1000, 0.0.0.0:1001", created.Message, StringComparison.Ordinal);
        Assert.Equal((true, created.Ports.Length), (again.IsAccepted, again.Ports.Length));
        Assert.Equal(ServerRefusal.AlreadyExists, other.Refusal);
        Assert.Equal("Nothing is different.", unchanged.Message);
        Assert.Equal([1005, 1000, 1001, 1002], grown.Ports.Select(port => port.Port));
        Assert.Equal([1005], shrunk.Ports.Select(port => port.Port));
        await Eventually.GetAsync(cluster.Fleet.GetHost(s_h1).ListAllocationsAsync, held => held.Length == 1);
    }

    [Fact]
    public async Task Update_OfARunningServersPort_KeepsTheOldOneUntilItsProcessIsGone()
    {
        await using var cluster = await StartAsync(1);
        var host = cluster.Fleet.GetHost(s_h1);
        await AddPoolAsync(cluster, s_h1, 1000, 1001);
        var spec = Game("moving", ports: 1);
        var server = await cluster.RunServerAsync(spec);
        var other = Game("other", ports: 1);

        var updated = await server.UpdateAsync(spec with { Ports = [new("0.0.0.0", 1001)] });
        var pending = await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsSpecPending: true });
        var refused = await cluster.Fleet.CreateServerAsync(other);
        Assert.Equal([new("0.0.0.0", 1001)], updated.Ports);
        Assert.Equal([new("0.0.0.0", 1000)], pending!.Ports);
        Assert.Equal((ServerRefusal.PortTaken, "no free port in its pools."), (refused.Refusal, refused.Message));
        Assert.Equal([1000, 1001], (await host.ListAllocationsAsync()).Select(held => held.Port.Port));

        await server.RestartAsync();
        var settled = await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsSpecPending: false, State: PowerState.Running });
        Assert.Equal([new("0.0.0.0", 1001)], settled!.Ports);
        var created = await Eventually.GetAsync(() => cluster.Fleet.CreateServerAsync(other), result => result.IsAccepted);
        Assert.Equal([new("0.0.0.0", 1000)], created.Ports);
    }

    [Fact]
    public async Task Update_BackToThePortOfTheProcess_GivesUpTheOtherWhenItStops()
    {
        await using var cluster = await StartAsync(1);
        var spec = Game("undecided", ports: 0) with { Ports = [new("0.0.0.0", 1000)] };
        var server = await cluster.RunServerAsync(spec);

        await server.UpdateAsync(spec with { Ports = [new("0.0.0.0", 1001)] });
        var back = await server.UpdateAsync(spec);
        Assert.True(back.IsAccepted, back.Message);
        await server.StopAsync();

        var held = await Eventually.GetAsync(cluster.Fleet.GetHost(s_h1).ListAllocationsAsync, list => list.Length == 1);
        Assert.Equal(new("0.0.0.0", 1000), held[0].Port);
    }

    [Fact]
    public async Task Create_PoolIsUsedUpOrMissing_IsRefusedAtTheField()
    {
        await using var cluster = await StartAsync(1);

        var without = await cluster.Fleet.CreateServerAsync(Game("game", ports: 1));
        await AddPoolAsync(cluster, s_h1, 1000, 1000);
        await cluster.CreateServerAsync(Game("first", ports: 1));
        var late = await cluster.Fleet.CreateServerAsync(Game("late", ports: 1));
        var outside = await cluster.Fleet.CreateServerAsync(Game("outside", ports: 0) with { Ports = [new("0.0.0.0", 1001)] });

        Assert.Equal((ServerRefusal.PortTaken, "PortCount"), (without.Refusal, Assert.Single(without.Faults).Field));
        Assert.Equal((ServerRefusal.PortTaken, "no free port in its pools."), (late.Refusal, late.Message));
        Assert.Equal("0.0.0.0:1001 is in none of the host's pools: 0.0.0.0:1000.", Assert.Single(outside.Faults).Message);
    }

    [Fact]
    public async Task Pool_AddedOverHeldPorts_TakesNothingFromAnybody()
    {
        await using var cluster = await StartAsync(1);
        var spec = Game("old", ports: 0) with { Ports = [new("0.0.0.0", 500), new("0.0.0.0", 1000)] };
        var old = await cluster.CreateServerAsync(spec);
        await AddPoolAsync(cluster, s_h1, 1000, 1001);

        var renamed = await old.UpdateAsync(spec with { Name = "renamed" });
        var created = await cluster.Fleet.CreateServerAsync(Game("new", ports: 1));

        Assert.True(renamed.IsAccepted, renamed.Message);
        Assert.Equal([new("0.0.0.0", 1001)], created.Ports);
    }

    [Fact]
    public async Task Pools_OverlapOrAreInUse_AreRefusedByName()
    {
        await using var cluster = await StartAsync(1);
        var host = cluster.Fleet.GetHost(s_h1);
        await AddPoolAsync(cluster, s_h1, 1000, 1009);
        var server = await cluster.CreateServerAsync(Game("holder", ports: 1));

        var overlapping = await host.AddPoolAsync(new AllocationPool { Address = "203.0.113.7", FirstPort = 1009, LastPort = 1010 });
        var impossible = await host.AddPoolAsync(new AllocationPool { Address = "here", FirstPort = 2, LastPort = 1 });
        var unknown = await host.RemovePoolAsync(Pool(1000, 1008));
        var used = await host.RemovePoolAsync(Pool(1000, 1009));
        await server.DeleteAsync();
        var removed = await Eventually.GetAsync(() => host.RemovePoolAsync(Pool(1000, 1009)), result => result.Refusal != ServerRefusal.PoolInUse);

        Assert.Equal((ServerRefusal.Invalid, "203.0.113.7:1009-1010 overlaps the pool 0.0.0.0:1000-1009."), (overlapping.Refusal, overlapping.Message));
        Assert.Equal(["Address", "LastPort"], impossible.Faults.Select(fault => fault.Field));
        Assert.Equal("h1 has no pool 0.0.0.0:1000-1008.", unknown.Message);
        Assert.Equal((ServerRefusal.PoolInUse, "The pool 0.0.0.0:1000-1009 is in use by holder."), (used.Refusal, used.Message));
        Assert.True(removed.IsAccepted, removed.Message);
        Assert.Empty(Assert.Single(await cluster.Fleet.ListHostsAsync()).Settings!.Pools);
    }

    [Fact]
    public async Task Restore_PortsAreFreeOrTaken_KeepsThemOrGivesOthers()
    {
        await using var cluster = await StartAsync(1);
        await AddPoolAsync(cluster, s_h1, 1000, 1002);
        var server = await cluster.CreateServerAsync(Game("given", ports: 1));

        await server.DeleteAsync();
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts[0].Capacity!.FreePoolPorts == 3);
        var kept = await server.RestoreAsync();
        await server.DeleteAsync();
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts[0].Capacity!.FreePoolPorts == 3);
        await cluster.CreateServerAsync(Game("other", ports: 1));
        var moved = await server.RestoreAsync();

        Assert.Equal([new("0.0.0.0", 1000)], kept.Ports);
        Assert.Equal([new("0.0.0.0", 1001)], moved.Ports);
        Assert.Equal([new("0.0.0.0", 1001)], (await server.GetSpecAsync())!.Ports);
    }

    [Fact]
    public async Task Notes_OfPorts_StayWithTheHolderAndGoWithIt()
    {
        await using var cluster = await StartAsync(1);
        var host = cluster.Fleet.GetHost(s_h1);
        await AddPoolAsync(cluster, s_h1, 1000, 1002);
        var server = await cluster.CreateServerAsync(Game("holder", ports: 1));

        Assert.True((await host.SetNoteAsync(new("0.0.0.0", 1000), " voice ")).IsAccepted);
        Assert.True((await host.SetNoteAsync(new("0.0.0.0", 1002), "kept for the map")).IsAccepted);
        var stranger = await host.SetNoteAsync(new("0.0.0.0", 9), "no");
        var noted = await host.ListAllocationsAsync();
        await server.DeleteAsync();
        var left = await Eventually.GetAsync(host.ListAllocationsAsync, list => list.Length == 1);
        await host.SetNoteAsync(new("0.0.0.0", 1002), "");

        Assert.Equal("0.0.0.0:9 is in none of the pools of h1, and no server holds it.", stranger.Message);
        Assert.Equal([new(new("0.0.0.0", 1000), server.Id, "holder", "voice"), new(new("0.0.0.0", 1002), null, "", "kept for the map")], noted);
        Assert.Equal(noted[1], left[0]);
        Assert.Empty(await host.ListAllocationsAsync());
    }

    private static ServerSpec Game(string name, int ports) => Specs.Game(name) with { PortCount = ports, Limits = new ServerLimits { MemoryMiB = 16 } };

    private static AllocationPool Pool(int first, int last) => new() { Address = "0.0.0.0", FirstPort = first, LastPort = last };

    private static async Task AddPoolAsync(WingsCluster cluster, HostId host, int first, int last)
    {
        var added = await cluster.Fleet.GetHost(host).AddPoolAsync(Pool(first, last));
        Assert.True(added.IsAccepted, added.Message);
    }

    private static async Task<WingsCluster> StartAsync(int hosts)
    {
        var cluster = await WingsCluster.StartAsync(hosts);
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, known => known.Count(host => host is { Status: HostStatus.Ready, Facts: not null }) == hosts);
        return cluster;
    }
}

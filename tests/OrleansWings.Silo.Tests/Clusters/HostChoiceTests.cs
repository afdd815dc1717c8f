using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>Where new servers go, and that no host is promised twice. A fake engine's machine has 65,536 MiB and 8 cores.</summary>
public sealed class HostChoiceTests
{
    [Fact]
    public async Task Create_NoHostNamed_ChoosesOneAndSaysWhich()
    {
        await using var cluster = await StartAsync(2);
        await cluster.Fleet.GetHost(new HostId("h1")).BeginMaintenanceAsync("new disk");

        var created = await cluster.Fleet.CreateServerAsync(Large(1024));
        var again = await cluster.Fleet.CreateServerAsync(Large(1024), created.Server);

        Assert.Equal((true, new HostId("h2")), (created.IsAccepted, created.Host!.Value));
        Assert.Contains("on host h2", created.Message, StringComparison.Ordinal);
        Assert.Equal((true, created.Host), (again.IsAccepted, again.Host));
        Assert.Equal(new HostId("h2"), (await cluster.Fleet.GetServer(created.Server!.Value).GetSnapshotAsync())!.Host);
    }

    [Fact]
    public async Task Create_NoHostCan_SaysOfEachWhyNot()
    {
        await using var cluster = await StartAsync(3);
        await cluster.Fleet.GetHost(new HostId("h1")).BeginMaintenanceAsync("new disk");
        await cluster.Fleet.GetHost(new HostId("h2")).SetOverCommitAsync(new OverCommit { Memory = 0.1 });
        await cluster.StopHostAsync("h3", isKilled: true);
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts.Any(host => host.Status is HostStatus.Silent or HostStatus.Lost));

        var refused = await cluster.Fleet.CreateServerAsync(Large(10_000));

        Assert.Equal((ServerRefusal.NoHost, "Host"), (refused.Refusal, Assert.Single(refused.Faults).Field));
        Assert.Matches(
            @"^No host can take the server\. h1: in maintenance since [^.]+ UTC \(new disk\)\. h2: 10,000 MiB of memory are asked and [0-9,]+ MiB are free \(of 65,536 MiB × 0\.1\)\. h3: (silent|lost) since [^.]+\.$",
            refused.Message);
        Assert.Empty(await cluster.Fleet.ListServersAsync());
    }

    [Fact]
    public async Task Create_OnANamedHost_IsRefusedByNameWhenItIsFullOrInMaintenance()
    {
        await using var cluster = await StartAsync(1);
        var named = Large(40_000) with { Host = new HostId("h1") };

        var first = await cluster.Fleet.CreateServerAsync(named);
        var full = await cluster.Fleet.CreateServerAsync(named);
        await cluster.Fleet.GetHost(new HostId("h1")).BeginMaintenanceAsync("");
        var closed = await cluster.Fleet.CreateServerAsync(Large(16) with { Host = new HostId("h1") });
        var unknown = await cluster.Fleet.CreateServerAsync(Large(16) with { Host = new HostId("h9") });

        Assert.True(first.IsAccepted, first.Message);
        Assert.Equal(ServerRefusal.NoHost, full.Refusal);
        Assert.Equal("The server cannot go to h1: 40,000 MiB of memory are asked and 25,536 MiB are free (of 65,536 MiB × 1.0).", full.Message);
        Assert.StartsWith("The server cannot go to h1: in maintenance since ", closed.Message, StringComparison.Ordinal);
        Assert.Equal("There is no host named h9. Known hosts: h1.", unknown.Message);
    }

    [Fact]
    public async Task Create_ManyAtOnce_NoHostIsPromisedMoreThanItMay()
    {
        await using var cluster = await StartAsync(2);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.Fleet.CreateServerAsync(Large(10_000) with { Name = $"game {i}" })));

        // Six of 10,000 MiB fit into 65,536.
        Assert.Equal(12, results.Count(result => result.IsAccepted));
        Assert.All(results.Where(result => !result.IsAccepted), result => Assert.Equal(ServerRefusal.NoHost, result.Refusal));
        Assert.Equal([6, 6], results.Where(result => result.IsAccepted).GroupBy(result => result.Host).Select(group => group.Count()));
        Assert.All(await cluster.Fleet.ListHostsAsync(), host => Assert.Equal((60_000, 6), (host.Capacity!.Memory.Promised, host.ServerCount)));
    }

    [Fact]
    public async Task Update_OnAFullHost_MayShrinkAndRenameButNotGrow()
    {
        await using var cluster = await StartAsync(1);
        var spec = Large(40_000);
        var server = await cluster.CreateServerAsync(spec);
        await cluster.CreateServerAsync(Large(25_000));
        await cluster.Fleet.GetHost(new HostId("h1")).SetOverCommitAsync(new OverCommit { Memory = 0.5 });

        var renamed = await server.UpdateAsync(spec with { Name = "other" });
        var grown = await server.UpdateAsync(spec with { Limits = new ServerLimits { MemoryMiB = 41_000 } });
        var shrunk = await server.UpdateAsync(spec with { Limits = new ServerLimits { MemoryMiB = 1_000 } });

        Assert.True(renamed.IsAccepted, renamed.Message);
        Assert.Equal((ServerRefusal.NoHost, "h1: 1,000 MiB of memory are asked and 0 MiB are free (of 65,536 MiB × 0.5)."), (grown.Refusal, grown.Message));
        Assert.True(shrunk.IsAccepted, shrunk.Message);
        Assert.Equal(26_000, Assert.Single(await cluster.Fleet.ListHostsAsync()).Capacity!.Memory.Promised);
    }

    [Fact]
    public async Task Delete_Done_WhatWasPromisedIsFreeAndRestoringAsksForItAgain()
    {
        await using var cluster = await StartAsync(1);
        var server = await cluster.CreateServerAsync(Large(40_000));

        await server.DeleteAsync();
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts[0].Capacity!.Memory.Promised == 0);
        var second = await cluster.CreateServerAsync(Large(40_000));
        var refused = await server.RestoreAsync();
        await second.DeleteAsync();

        Assert.Equal(ServerRefusal.NoHost, refused.Refusal);
        await Eventually.GetAsync(server.RestoreAsync, result => result.IsAccepted);
    }

    [Fact]
    public async Task Create_ServersWithoutALimit_AreNeverTooMany()
    {
        await using var cluster = await StartAsync(2);
        foreach (var host in await cluster.Fleet.ListHostsAsync())
            Assert.True((await cluster.Fleet.GetHost(host.Id).SetOverCommitAsync(new OverCommit { Memory = 0.1 })).IsAccepted);

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => cluster.Fleet.CreateServerAsync(Specs.Game($"game {i}"))));
        var named = await cluster.Fleet.CreateServerAsync(Specs.Game() with { Host = new HostId("h1") });
        var limited = await cluster.Fleet.CreateServerAsync(Large(7_000));

        Assert.All(created.Append(named), result => Assert.True(result.IsAccepted, result.Message));
        Assert.Equal(ServerRefusal.NoHost, limited.Refusal);
        Assert.All(await cluster.Fleet.ListHostsAsync(), host => Assert.Equal((0, 512 * host.ServerCount), (host.Capacity!.Memory.Promised, host.Capacity.Memory.Expected)));
    }

    private static ServerSpec Large(long memoryMiB) => Specs.Game() with { Limits = new ServerLimits { MemoryMiB = memoryMiB } };

    private static async Task<WingsCluster> StartAsync(int hosts)
    {
        var cluster = await WingsCluster.StartAsync(hosts);
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, known => known.Count(host => host is { Status: HostStatus.Ready, Facts: not null }) == hosts);
        return cluster;
    }
}

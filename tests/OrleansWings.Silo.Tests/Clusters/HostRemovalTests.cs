using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Allocations;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>An operator says that a host will not come back; and then it does.</summary>
public sealed class HostRemovalTests
{
    private static readonly HostId s_h1 = new("h1");

    [Fact]
    public async Task Remove_HostIsThereOrNobody_IsRefused()
    {
        await using var cluster = await WingsCluster.StartAsync();
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts is [{ Status: HostStatus.Ready }]);

        var there = await cluster.Fleet.GetHost(s_h1).RemoveAsync(withRecords: true);
        var nobody = await cluster.Fleet.GetHost(new HostId("moon")).RemoveAsync(withRecords: true);

        Assert.Equal(ServerRefusal.HostInUse, there.Refusal);
        Assert.Contains("Host h1 is in the cluster. Stop its program first", there.Message, StringComparison.Ordinal);
        Assert.Equal((ServerRefusal.NoHost, "There is no host named moon."), (nobody.Refusal, nobody.Message));
        Assert.Equal([s_h1], (await cluster.Fleet.ListHostsAsync()).Select(host => host.Id));
    }

    [Fact]
    public async Task Remove_LostWithServers_WantsTheRecordsNamedAndTheReturningHostIsANewOne()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var host = cluster.Fleet.GetHost(s_h1);
        var server = await cluster.RunServerAsync(Specs.Game("lobby"));
        Assert.True((await host.AddPoolAsync(new AllocationPool { Address = "0.0.0.0", FirstPort = 25_000, LastPort = 25_010 })).IsAccepted);
        using var stop = new CancellationTokenSource();
        var viewed = new HashSet<HostId>();
        var viewing = ViewAsync(cluster, viewed, stop.Token);
        await Eventually.TrueAsync(() => viewed.Contains(s_h1));
        await cluster.StopHostAsync("h1", isKilled: true);

        var refused = await Eventually.GetAsync(() => host.RemoveAsync(withRecords: false), result => result.Refusal == ServerRefusal.HostHasServers);
        Assert.Contains("Host h1 has a server: lobby. Reassign or delete them first", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await server.GetSpecAsync());

        var removed = await host.RemoveAsync(withRecords: true);
        Assert.Equal("Host h1 is removed. So is the record of its server lobby. Another machine can take its name.", removed.Message);
        Assert.Empty(await cluster.Fleet.ListHostsAsync());
        Assert.Empty(await cluster.Fleet.ListServersAsync());
        Assert.Equal(ServerRefusal.NotFound, (await server.StartAsync()).Refusal);
        Assert.Equal(ServerRefusal.NoHost, (await cluster.Fleet.CreateServerAsync(Specs.Game("other"))).Refusal);
        await Eventually.TrueAsync(() => !viewed.Contains(s_h1));
        await stop.CancelAsync();
        await viewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        await cluster.StartHostAsync("h1");
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers is [{ IsUnclaimed: true, State: PowerState.Running }]);
        Assert.Single(cluster.FakeEngine("h1").Containers);
        Assert.Empty((await cluster.Fleet.ListHostsAsync()).Single().Settings!.Pools);

        Assert.Equal("The server lobby is adopted: host h1 keeps it.", (await host.AdoptAllAsync()).Message);
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers is [{ IsUnclaimed: false }]);
        Assert.True((await server.StopAsync()).IsAccepted);
        await cluster.WaitForAsync(server, PowerState.Offline);
    }

    [Fact]
    public async Task Remove_OnlyDeletedServers_NeedsNoMore()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game());
        await cluster.StopHostAsync("h1", isKilled: true);
        // While the host is away: only the record knows.
        await Eventually.GetAsync(server.DeleteAsync, result => result.IsAccepted);

        await Eventually.GetAsync(() => cluster.Fleet.GetHost(s_h1).RemoveAsync(withRecords: false), result => result.IsAccepted);

        Assert.Empty(await cluster.Fleet.ListDeletedServersAsync());
        Assert.Equal(ServerRefusal.NotFound, (await server.RestoreAsync()).Refusal);
    }

    [Fact]
    public async Task Remove_StoreRefusesInTheMiddle_TakesNoServersAndIsDoneAgain()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 1);
        var server = await cluster.CreateServerAsync(Specs.Game());
        await cluster.StopHostAsync("h1", isKilled: true);
        var host = cluster.Fleet.GetHost(s_h1);
        await Eventually.GetAsync(() => host.RemoveAsync(withRecords: false), result => result.Refusal == ServerRefusal.HostHasServers);
        // The mark can be written, and a record not be taken away.
        Execute(cluster, "CREATE TRIGGER full BEFORE UPDATE ON OrleansStorage WHEN NEW.PayloadBinary IS NULL BEGIN SELECT RAISE(ABORT, 'no room is left'); END");

        var part = await host.RemoveAsync(withRecords: true);
        var created = await cluster.Fleet.CreateServerAsync(Specs.Game("late") with { Host = s_h1 });

        Assert.Equal((ServerRefusal.NotStored, true), (part.Refusal, part.Message.StartsWith("Host h1 is removed in part only: ", StringComparison.Ordinal)));
        Assert.Contains("h1 is being removed from the fleet", created.Message, StringComparison.Ordinal);
        // Viewers are told, so that somebody goes on with it.
        Assert.NotNull((await cluster.Fleet.ListHostsAsync()).Single().RemovingSince);
        await Eventually.GetAsync(() => ShownAsync(cluster), shown => shown is { RemovingSince: not null });

        Execute(cluster, "DROP TRIGGER full");
        Assert.True((await host.RemoveAsync(withRecords: true)).IsAccepted);
        Assert.Null(await server.GetSpecAsync());
        Assert.Empty(await cluster.Fleet.ListHostsAsync());
    }

    [Fact]
    public async Task Remove_HostComesBackMeanwhile_StaysWithItsServersAndIsNoLongerBeingRemoved()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        var server = await cluster.RunServerAsync(Specs.Game("lobby"));
        await cluster.StopHostAsync("h1", isKilled: true);
        var host = cluster.Fleet.GetHost(s_h1);
        await Eventually.GetAsync(() => host.RemoveAsync(withRecords: false), result => result.Refusal == ServerRefusal.HostHasServers);

        // While the removal reads the records of the host's servers.
        calls.BeforeNext(nameof(IServerRecordGrain.GetAssignmentAsync), () => cluster.StartHostAsync("h1"));
        var result = await host.RemoveAsync(withRecords: true);

        Assert.Equal(ServerRefusal.HostInUse, result.Refusal);
        Assert.NotNull(await server.GetSpecAsync());
        await Eventually.GetAsync(cluster.Fleet.ListHostsAsync, hosts => hosts is [{ Status: HostStatus.Ready, RemovingSince: null }]);
        await Eventually.GetAsync(() => ShownAsync(cluster), shown => shown is { Status: HostStatus.Ready, RemovingSince: null });
        await cluster.WaitForAsync(server, PowerState.Running);
    }

    [Fact]
    public async Task RemoveUnclaimed_ServerWithoutRecord_GoesToTheTrashAndComesBackFromIt()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game("lobby"));
        var volume = Path.Combine(cluster.DataFolder("h1"), "volumes", server.Id.ToString());
        await File.WriteAllTextAsync(Path.Combine(volume, "world"), "a world", TestContext.Current.CancellationToken);
        Assert.Equal(ServerRefusal.AlreadyExists, (await server.RemoveUnclaimedAsync(s_h1)).Refusal);
        await cluster.StopHostAsync("h1", isKilled: true);
        await Eventually.GetAsync(() => cluster.Fleet.GetHost(s_h1).RemoveAsync(withRecords: true), result => result.IsAccepted);
        await cluster.StartHostAsync("h1");
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers is [{ IsUnclaimed: true }]);

        var deleted = await server.RemoveUnclaimedAsync(s_h1);

        Assert.Equal("The server lobby is deleted. Its files are kept for 7 days.", deleted.Message);
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0 && !Directory.Exists(volume));
        Assert.Equal(["lobby"], (await cluster.Fleet.ListDeletedServersAsync()).Select(one => one.Name));
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers.IsEmpty);
        await Eventually.GetAsync(server.RestoreAsync, restored => restored.IsAccepted);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(volume, "world")));
    }

    [Fact]
    public async Task Join_EachRecord_IsReadOnce()
    {
        const int Servers = 8;
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        for (var i = 0; i < Servers; i++)
            await cluster.CreateServerAsync(Specs.Game($"game {i}"));
        var reporter = cluster.Host("h1").GetRequiredService<HostReporter>();
        await JoinAgainAsync(reporter, calls);
        var (before, joinsBefore) = (calls.CountOf(nameof(IServerRecordGrain.GetAssignmentAsync)), calls.CountOf(nameof(OrleansWings.Fleets.IFleetGrain.ClaimClusterIdAsync)));

        // Each begins when the one before has ended: all but the last have.
        for (var i = 0; i < 6; i++)
            await JoinAgainAsync(reporter, calls);

        var joins = calls.CountOf(nameof(OrleansWings.Fleets.IFleetGrain.ClaimClusterIdAsync)) - joinsBefore;
        // Those that ended read each once. Were it twice, these alone would pass the upper bound; a single record is read again where an answer is late.
        Assert.InRange(calls.CountOf(nameof(IServerRecordGrain.GetAssignmentAsync)) - before, (joins - 1) * Servers, (2 * (joins - 1) * Servers) - 1);
    }

    private static async Task JoinAgainAsync(HostReporter reporter, CallFaults calls)
    {
        var joins = calls.CountOf(nameof(OrleansWings.Fleets.IFleetGrain.ClaimClusterIdAsync));
        reporter.JoinNow();
        await Eventually.TrueAsync(() => calls.CountOf(nameof(OrleansWings.Fleets.IFleetGrain.ClaimClusterIdAsync)) > joins);
    }

    // The host as a list begins with it that is opened now.
    private static async Task<HostSnapshot?> ShownAsync(WingsCluster cluster)
    {
        await foreach (var update in cluster.Feed.WatchAsync(CancellationToken.None))
            return update.Hosts.SingleOrDefault(host => host.Id == s_h1);
        return null;
    }

    private static Task ViewAsync(WingsCluster cluster, HashSet<HostId> hosts, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        await foreach (var update in cluster.Feed.WatchAsync(cancellationToken))
        {
            hosts.UnionWith(update.Hosts.Select(host => host.Id));
            hosts.ExceptWith(update.RemovedHosts);
        }
    }, cancellationToken);

    private static void Execute(WingsCluster cluster, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(cluster.DataFolder("c1"), "..", "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Allocations;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A store that cannot be written to, as on a full disk.</summary>
public sealed class StoreRefusesTests
{
    [Fact]
    public async Task Requests_StoreRefuses_NothingIsDoneAndLaterItWorks()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        var spec = (await server.GetSpecAsync())!;

        Execute(cluster, "CREATE TRIGGER full BEFORE UPDATE ON OrleansStorage BEGIN SELECT RAISE(ABORT, 'no room is left'); END");
        var created = await cluster.Fleet.CreateServerAsync(Specs.Game("second"));
        var updated = await server.UpdateAsync(spec with { Name = "other" });
        var deleted = await server.DeleteAsync();

        foreach (var result in (ServerResult[])[created, updated, deleted])
        {
            Assert.Equal(ServerRefusal.NotStored, result.Refusal);
            Assert.Contains("no room is left", result.Message, StringComparison.Ordinal);
        }

        Assert.Equal("game", (await server.GetSpecAsync())!.Name);

        Execute(cluster, "DROP TRIGGER full");
        Assert.Equal(PowerState.Running, (await server.GetSnapshotAsync())!.State);
        Assert.True((await server.UpdateAsync(spec with { Name = "other" })).IsAccepted);
        Assert.Equal("other", (await server.GetSpecAsync())!.Name);
        // The list is the hosts' own: it follows when the host has heard of the change.
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => Assert.Single(servers).Name == "other");
    }

    [Fact]
    public async Task Update_StoreGivesNoAnswer_NothingIsTakenBackAndTheHostComesToWhatTheRecordSays()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var (before, after) = (new Allocation("127.0.0.1", 31_001), new Allocation("127.0.0.1", 31_002));
        var server = await cluster.CreateServerAsync(Specs.Game() with { Ports = [before] });
        var host = cluster.Fleet.GetHost(new HostId("h1"));

        Execute(cluster, """
            CREATE TRIGGER stalled BEFORE UPDATE ON OrleansStorage WHEN NEW.GrainTypeString LIKE '%record%'
            BEGIN SELECT RAISE(ABORT, 'StackExchange.Redis.RedisTimeoutException: Timeout awaiting response'); END
            """);
        var updated = await server.UpdateAsync((await server.GetSpecAsync())! with { Ports = [after] });

        Assert.Equal(ServerRefusal.OutcomeUnknown, updated.Refusal);
        Assert.Contains((await host.ListAllocationsAsync()).Select(held => held.Port), port => port == after);

        Execute(cluster, "DROP TRIGGER stalled");
        cluster.Host("h1").GetRequiredService<HostReporter>().JoinNow();
        await Eventually.GetAsync(host.ListAllocationsAsync, all => all.Any(held => held.Port == before));
        Assert.Equal([before], (await server.GetSpecAsync())!.Ports);
    }

    [Fact]
    public async Task Update_ThatWouldAddAPortGivesNoAnswer_TheHostGivesItBack()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var port = new Allocation("127.0.0.1", 31_001);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Ports = [port] });
        var host = cluster.Fleet.GetHost(new HostId("h1"));

        Execute(cluster, """
            CREATE TRIGGER stalled BEFORE UPDATE ON OrleansStorage WHEN NEW.GrainTypeString LIKE '%record%'
            BEGIN SELECT RAISE(ABORT, 'StackExchange.Redis.RedisTimeoutException: Timeout awaiting response'); END
            """);
        var updated = await server.UpdateAsync((await server.GetSpecAsync())! with { Ports = [port, new("127.0.0.1", 31_002)] });
        Assert.Equal(ServerRefusal.OutcomeUnknown, updated.Refusal);

        Execute(cluster, "DROP TRIGGER stalled");
        cluster.Host("h1").GetRequiredService<HostReporter>().JoinNow();

        Assert.Equal(port, Assert.Single(await Eventually.GetAsync(host.ListAllocationsAsync, all => all.Length == 1)).Port);
    }

    [Fact]
    public async Task Host_CouldNotBeRegistered_IsNotAnsweredFromMemory()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var fleet = cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IFleetGrain>(0);
        await Eventually.GetAsync(fleet.ListHostsAsync, hosts => hosts is [{ Value: "h1" }]);

        Execute(cluster, "CREATE TRIGGER full BEFORE UPDATE ON OrleansStorage BEGIN SELECT RAISE(ABORT, 'no room is left'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => fleet.RegisterHostAsync(new HostId("h2")));

        Assert.Equal(["h1"], (await fleet.ListHostsAsync()).Select(host => host.Value));
        Execute(cluster, "DROP TRIGGER full");
        await fleet.RegisterHostAsync(new HostId("h2"));
        Assert.Equal(["h1", "h2"], (await fleet.ListHostsAsync()).Select(host => host.Value));
    }

    private static void Execute(WingsCluster cluster, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(cluster.DataFolder("c1"), "..", "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

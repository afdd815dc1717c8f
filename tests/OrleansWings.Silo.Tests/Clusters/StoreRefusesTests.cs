using Microsoft.Data.Sqlite;
using OrleansWings.Servers;
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

    private static void Execute(WingsCluster cluster, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(cluster.DataFolder("c1"), "..", "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

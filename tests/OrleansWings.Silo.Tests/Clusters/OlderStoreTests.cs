using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>The store was put back to an older copy, or lost its last second: then a host knows of its servers what nobody else does.</summary>
public sealed class OlderStoreTests
{
    [Fact]
    public async Task Update_WasForgottenByTheStore_TheRecordTakesItFromTheHost()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game("first"));
        var copy = Copy(cluster);
        await UpdateAsync(cluster, server, "second");
        await PutBackAsync(cluster, server, copy);

        cluster.Host("h1").GetRequiredService<HostReporter>().JoinNow();

        await Eventually.GetAsync(server.GetSpecAsync, spec => spec!.Name == "second");
        Assert.True((await server.DeleteAsync()).IsAccepted);
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);
    }

    [Fact]
    public async Task Delete_SaidWithTheVersionThatTheStoreForgot_IsCarriedOutAllTheSame()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game("first"));
        var copy = Copy(cluster);
        await UpdateAsync(cluster, server, "second");
        await PutBackAsync(cluster, server, copy);

        Assert.True((await server.DeleteAsync()).IsAccepted);
        cluster.Host("h1").GetRequiredService<HostReporter>().JoinNow();

        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);
    }

    [Fact]
    public async Task Reassign_WasForgottenByTheStore_TheServerStaysWhereItIsAndRunsOnce()
    {
        await using var cluster = await WingsCluster.StartAsync(hosts: 2);
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = new HostId("h1") });
        await cluster.UntilReadyAsync(hosts: 2);
        var copy = Copy(cluster);
        await Eventually.GetAsync(() => server.ReassignAsync(new HostId("h2"), isRiskAccepted: true), result => result.IsAccepted);
        await cluster.StartServerAsync(server);
        await PutBackAsync(cluster, server, copy);

        foreach (var host in (string[])["h1", "h2"])
            cluster.Host(host).GetRequiredService<HostReporter>().JoinNow();

        await Eventually.GetAsync(server.GetSpecAsync, spec => spec!.Host == new HostId("h2"));
        await Eventually.GetAsync(server.StartAsync, result => result.Refusal == ServerRefusal.AlreadyRunning);
        Assert.Empty(cluster.FakeEngine("h1").Containers);
        Assert.Single(cluster.FakeEngine("h2").Containers);
    }

    private static async Task UpdateAsync(WingsCluster cluster, IServer server, string name)
    {
        Assert.True((await server.UpdateAsync((await server.GetSpecAsync())! with { Name = name })).IsAccepted);
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers.Any(each => each.Name == name));
    }

    // What the record's grain holds is older than the row then. It reads the row when it was let go of, or when it could not write the host's next
    // picture, which may be before.
    private static async Task PutBackAsync(WingsCluster cluster, IServer server, List<(string Type, long N0, byte[] Payload)> copy)
    {
        var forgotten = (await server.GetVersionedSpecAsync())!.Version;
        using (var connection = Open(cluster))
        {
            foreach (var (type, n0, payload) in copy)
            {
                using var command = connection.CreateCommand();
                command.CommandText = "UPDATE OrleansStorage SET PayloadBinary = $payload, Version = Version + 1 WHERE GrainTypeString = $type AND GrainIdN0 = $n0";
                command.Parameters.AddWithValue("$payload", payload);
                command.Parameters.AddWithValue("$type", type);
                command.Parameters.AddWithValue("$n0", n0);
                command.ExecuteNonQuery();
            }
        }

        var written = RowVersion(cluster);
        await Eventually.GetAsync(async () =>
        {
            await cluster.Control("c1").GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
            return (await server.GetVersionedSpecAsync())!.Version < forgotten || RowVersion(cluster) != written;
        }, isOlder => isOlder);
    }

    private static List<(string Type, long N0, byte[] Payload)> Copy(WingsCluster cluster)
    {
        using var connection = Open(cluster);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT GrainTypeString, GrainIdN0, PayloadBinary FROM OrleansStorage WHERE GrainTypeString = 'record' AND PayloadBinary IS NOT NULL";
        using var reader = command.ExecuteReader();
        var rows = new List<(string, long, byte[])>();
        while (reader.Read())
            rows.Add((reader.GetString(0), reader.GetInt64(1), (byte[])reader[2]));
        return rows;
    }

    // Of the only server there is.
    private static long RowVersion(WingsCluster cluster)
    {
        using var connection = Open(cluster);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Version FROM OrleansStorage WHERE GrainTypeString = 'record'";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(WingsCluster cluster)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(cluster.DataFolder("c1"), "..", "state.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}

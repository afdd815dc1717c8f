using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Containers.Engines;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A host comes with a server in its ledger that is another host's by now: removed with its records, or left of a store that was put back.</summary>
public sealed class RivalHostsTests
{
    private static readonly HostId s_first = new("h1");
    private static readonly HostId s_second = new("h2");

    [Fact]
    public async Task Create_WithTheIdOfAServerThatAnotherHostStillHas_IsTheOneThatStays()
    {
        await using var cluster = await StartAsync();
        var server = cluster.Fleet.GetServer(ServerId.New());
        await PutIntoLedgerAsync(cluster, "h2", Old(server.Id, epoch: 7) with { Version = 40 });
        Assert.True((await cluster.Fleet.CreateServerAsync(Specs.Game("new") with { Host = s_first }, server.Id)).IsAccepted);
        await cluster.StartServerAsync(server);

        await JoinAsync(cluster, "h2", server.Id);

        Assert.Equal(("new", s_first), await ReadAsync(cluster, server));
        Assert.Equal(PowerState.Running, (await server.GetSnapshotAsync())!.State);
    }

    [Fact]
    public async Task Adopt_OfTheOlderOfTwoCopies_IsNotTakenAwayByTheOther()
    {
        await using var cluster = await StartAsync();
        var server = cluster.Fleet.GetServer(ServerId.New());
        await PutIntoLedgerAsync(cluster, "h1", Old(server.Id, epoch: 3) with { Host = s_first });
        Assert.True((await server.AdoptAsync(s_first)).IsAccepted);
        await cluster.StartServerAsync(server);
        await PutIntoLedgerAsync(cluster, "h2", Old(server.Id, epoch: 9));

        await JoinAsync(cluster, "h2", server.Id);

        Assert.Equal(("old", s_first), await ReadAsync(cluster, server));
        Assert.Equal(PowerState.Running, (await server.GetSnapshotAsync())!.State);
        Assert.False((await server.GetSnapshotAsync())!.IsUnclaimed);
    }

    [Fact]
    public async Task Join_WithTheEpochThatTheRecordHasForAnotherHost_EndsTheCopyThatTheRecordDoesNotName()
    {
        await using var cluster = await StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game("kept") with { Host = s_first });
        await cluster.StartServerAsync(server);
        var run = Assert.Single(cluster.FakeEngine("h1").Containers).Id;
        var given = (await cluster.RecordOf(server.Id).GetAssignmentAsync())!;
        await PutIntoLedgerAsync(cluster, "h2", given with { Host = s_second, Version = given.Version + 5 });

        await JoinAsync(cluster, "h2", server.Id);

        Assert.Equal(("kept", s_first), await ReadAsync(cluster, server));
        Assert.Equal(PowerState.Running, (await server.GetSnapshotAsync())!.State);
        Assert.Equal(run, Assert.Single(cluster.FakeEngine("h1").Containers).Id);
    }

    [Fact]
    public async Task Record_VanishesWhileTheCopyCannotBeEnded_TheServerIsShownAsUnclaimedAndGoesOn()
    {
        await using var cluster = await StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game("kept") with { Host = s_first });
        await cluster.StartServerAsync(server);
        var (engine, host) = (cluster.FakeEngine("h1"), cluster.Host("h1").GetRequiredService<HostServers>());
        engine.Fault = (call, _) => call == "remove" ? new EngineException("It is busy.") : null;
        var given = (await cluster.RecordOf(server.Id).GetAssignmentAsync())!;
        await Assert.ThrowsAsync<EngineException>(() => host.LeaveAsync(server.Id, given with { Host = s_second, Epoch = given.Epoch + 1 }));
        Assert.Null(host.Find(server.Id));

        await cluster.RecordOf(server.Id).RemoveWithHostAsync(s_first);
        cluster.Host("h1").GetRequiredService<HostReporter>().JoinNow();

        await Eventually.TrueAsync(() => host.Find(server.Id)?.GetSnapshot() is { IsUnclaimed: true, State: PowerState.Running });
        Assert.Single(engine.Containers);
    }

    [Fact]
    public async Task Leave_WhereAnotherHostOnTheSameEngineRunsTheServerByNow_LeavesThatOneAlone()
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = s_first });
        await cluster.StartServerAsync(server);
        var (engine, host) = (cluster.FakeEngine("h1"), cluster.Host("h1").GetRequiredService<HostServers>());
        var given = (await cluster.RecordOf(server.Id).GetAssignmentAsync())!;
        // What the host had is gone, and under its name stands what the other has made since.
        var old = Assert.Single(engine.Containers);
        engine.Fault = (call, _) => call == "remove" ? new EngineException("It is busy.") : null;
        await Assert.ThrowsAsync<EngineException>(() => host.LeaveAsync(server.Id, given with { Host = s_second, Epoch = given.Epoch + 1 }));
        engine.Fault = null;
        await engine.RemoveAsync(old.Id.Value, force: true, token);
        var others = await engine.CreateAsync(old.Spec with { Labels = new Dictionary<string, string>(old.Spec.Labels) { [ContainerLabels.Epoch] = $"{given.Epoch + 1}" } }, token);

        // Adopted meanwhile: the record's epoch is far later than the container's.
        await host.LeaveAsync(server.Id, given with { Host = s_second, Epoch = given.Epoch + 1_000_000 });

        Assert.NotNull(engine.Find(others.Value));
        Assert.DoesNotContain(host.Held(), held => held.Server == server.Id);
    }

    [Fact]
    public async Task Leave_OfACopyThatTheEngineDoesNotLetEnd_IsTriedAgainByItself()
    {
        await using var cluster = await StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game() with { Host = s_first });
        await cluster.StartServerAsync(server);
        var (engine, host, tries) = (cluster.FakeEngine("h1"), cluster.Host("h1").GetRequiredService<HostServers>(), 0);
        engine.Fault = (call, _) => call == "remove" && ++tries < 3 ? new EngineException("It is busy.") : null;
        await PutIntoLedgerAsync(cluster, "h2", (await cluster.RecordOf(server.Id).GetAssignmentAsync())! with { Host = s_second, Epoch = long.MaxValue - 1 });

        cluster.Host("h2").GetRequiredService<HostReporter>().JoinNow();

        await Eventually.TrueAsync(() => engine.Containers.Count == 0 && host.Held().All(held => held.Server != server.Id));
        Assert.Equal(3, tries);
        Assert.Equal(s_second, (await cluster.RecordOf(server.Id).GetAssignmentAsync())!.Host);
    }

    private static async Task<WingsCluster> StartAsync()
    {
        var cluster = await WingsCluster.StartAsync(hosts: 2);
        await cluster.UntilReadyAsync(hosts: 2);
        return cluster;
    }

    private static ServerAssignment Old(ServerId server, long epoch)
        => new() { Server = server, Host = s_second, Epoch = epoch, Version = 1, Spec = Specs.Game("old") };

    private static async Task PutIntoLedgerAsync(WingsCluster cluster, string host, ServerAssignment assignment)
        => Assert.NotNull(await cluster.Host(host).GetRequiredService<HostServers>().AssignAsync(assignment));

    // The host gives its copy up; what the record says after that is what stays.
    private static async Task JoinAsync(WingsCluster cluster, string host, ServerId server)
    {
        cluster.Host(host).GetRequiredService<HostReporter>().JoinNow();
        await Eventually.TrueAsync(() => cluster.Host(host).GetRequiredService<HostServers>().Held().All(held => held.Server != server));
    }

    private static async Task<(string Name, HostId Host)> ReadAsync(WingsCluster cluster, IServer server)
    {
        var record = (await cluster.RecordOf(server.Id).GetAssignmentAsync())!;
        return (record.Spec.Name, record.Host);
    }
}

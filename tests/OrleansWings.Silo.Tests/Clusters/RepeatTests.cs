using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>Messages between a record and its host that are lost or fail: they go again within seconds, not with the host's minute.</summary>
public sealed class RepeatTests
{
    // Long for a slow machine, and well before the host asks by itself.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Delete_WhoseMessageIsLost_IsCarriedOutWithinSeconds()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        var server = await cluster.RunServerAsync(Specs.Game());
        // What is said of the start, again where the machine is slow, passes.
        calls.LoseNext(nameof(IServerGrain.ApplyAsync), 2, wish => wish is ServerAssignment { DeletedAt: not null });
        var watch = Stopwatch.StartNew();

        Assert.True((await server.DeleteAsync()).IsAccepted);
        await Eventually.TrueAsync(() => cluster.FakeEngine("h1").Containers.Count == 0);

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), s_soon);
        Assert.Equal(2, calls.Lost);
    }

    [Fact]
    public async Task Update_TheHostHasTakenIt_IsNotSaidAgain()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        var server = await cluster.CreateServerAsync(Specs.Game());
        await server.UpdateAsync(Specs.Game("other"));
        await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { Name: "other" });
        // What was under way when the host was told.
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var told = calls.CountOf(nameof(IServerGrain.ApplyAsync));

        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);

        Assert.Equal(told, calls.CountOf(nameof(IServerGrain.ApplyAsync)));
    }

    [Fact]
    public async Task Update_TheHostsPictureIsLost_TheRecordAsksAgainAndHasIt()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        var server = await cluster.CreateServerAsync(Specs.Game());
        var record = cluster.RecordOf(server.Id);
        await Eventually.GetAsync(record.GetLastSnapshotAsync, last => last is { Revision: > 0 });
        calls.LoseNext(nameof(IServerRecordGrain.TakeSnapshotAsync), 1);

        await server.UpdateAsync(Specs.Game("other"));

        var watch = Stopwatch.StartNew();
        await Eventually.GetAsync(record.GetLastSnapshotAsync, last => last is { Name: "other" });
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_soon);
        Assert.Equal(1, calls.Lost);
    }

    [Fact]
    public async Task Picture_OfOneServerFails_OthersAreWrittenAtOnceAndItsOwnSoon()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        var bad = await cluster.CreateServerAsync(Specs.Game("bad"));
        var good = await cluster.CreateServerAsync(Specs.Game("good"));
        calls.FailFor(nameof(IServerRecordGrain.TakeSnapshotAsync), bad.Id);

        await bad.StartAsync();
        await good.StartAsync();

        await Eventually.GetAsync(cluster.RecordOf(good.Id).GetLastSnapshotAsync, last => last is { State: PowerState.Running });
        Assert.Equal(PowerState.Offline, (await cluster.RecordOf(bad.Id).GetLastSnapshotAsync())!.State);
        calls.FailNoMore();
        var watch = Stopwatch.StartNew();
        await Eventually.GetAsync(cluster.RecordOf(bad.Id).GetLastSnapshotAsync, last => last is { State: PowerState.Running });
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_soon);
    }

    [Fact]
    public async Task Join_OneWishCannotBeRead_IsReadSoonAfterItCan()
    {
        var calls = new CallFaults();
        await using var cluster = await WingsCluster.StartAsync(calls: calls);
        var server = await cluster.CreateServerAsync(Specs.Game());
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers.Length == 1);
        await cluster.StopHostAsync("h1", isKilled: false);
        // The host shall know of it by its own asking alone.
        calls.LoseNext(nameof(IServerGrain.ApplyAsync), int.MaxValue);
        await server.DeleteAsync();
        calls.FailFor(nameof(IServerRecordGrain.GetAssignmentAsync), server.Id);

        await cluster.StartHostAsync("h1");
        await Eventually.TrueAsync(() => cluster.Host("h1").GetRequiredService<HostReporter>().HasJoined);
        calls.FailNoMore();

        var watch = Stopwatch.StartNew();
        await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true, IsDeleted: true });
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_soon);
    }
}

using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Fleets;

/// <summary>What must be so however many servers there are. How long it takes is measured elsewhere: docs/scaling.md.</summary>
[Collection(nameof(ManyServers))]
public sealed class ScaleTests(ManyServers fleet)
{
    private static readonly HostId s_lost = new($"h{ManyServers.Hosts}");

    [Fact]
    public async Task List_OfAThousand_HasEachOnceOnTheHostThatHasIt()
    {
        // How many a host has is counted with what it says once a second.
        var list = await Eventually.GetAsync(fleet.ReadAsync, list => list.Hosts.All(host => host.ServerCount == list.Servers.Count(listing => listing.Snapshot.Host == host.Id)));

        Assert.Equal(fleet.Created.Order(), list.Servers.Select(listing => listing.Snapshot.Id).Order());
        Assert.Equal(ManyServers.Hosts, list.Hosts.Length);
        // Promises are equal, so that hosts differ by what was asked for at the same moment.
        Assert.All(list.Hosts, host => Assert.InRange(host.ServerCount, ManyServers.Count / ManyServers.Hosts / 2, 2 * ManyServers.Count / ManyServers.Hosts));
    }

    [Fact]
    public async Task Step_AfterOneChange_HasThatServerAndNotTheFleet()
    {
        using var stop = new CancellationTokenSource();
        await using var viewer = fleet.Cluster.Feed.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var before = (await NextAsync(viewer)).Servers.ToDictionary(listing => listing.Snapshot.Id, listing => listing.Snapshot);
        var changed = before.Values.First(server => server.Host != s_lost).Id;

        Assert.True((await RenameAsync(changed, "renamed")).IsAccepted);

        var told = new List<ServerSnapshot>();
        while (!told.Any(server => server.Name == "renamed"))
        {
            var step = await NextAsync(viewer);
            Assert.False(step.IsSnapshot);
            Assert.Empty(step.Removed);
            told.AddRange(step.Servers.Select(listing => listing.Snapshot));
        }

        // On a machine that is very busy a host may be silent for a moment: its servers are told too, and are what they were.
        Assert.All(told.Where(server => server.Id != changed), server => Assert.Equal((before[server.Id].Epoch, before[server.Id].Revision), (server.Epoch, server.Revision)));
        Assert.True(told.Select(server => server.Host).Distinct().Count() < ManyServers.Hosts, "All hosts were told for one change.");
    }

    [Fact]
    public async Task Change_OfOneServer_WritesItsRecordAndNothingOfOtherHosts()
    {
        var changed = await AnyAsync();
        await UntilNothingIsWrittenAsync();
        var (fleets, hosts, records) = (Written("FleetRecord"), Written("HostRecord"), Written("ServerRecord"));

        Assert.True((await RenameAsync(changed, "renamed too")).IsAccepted);
        await UntilNothingIsWrittenAsync();

        Assert.Equal(fleets, Written("FleetRecord"));
        // Its own, once for the wish and once for what came of it.
        Assert.InRange(Written("ServerRecord").Bytes - records.Bytes, 1, 2 * 4 * 1024);
        // A host's record is one state with all that it promised: as long as its servers are many, and no longer for the fleet's.
        Assert.InRange(Written("HostRecord").Count - hosts.Count, 0, 1);
        Assert.InRange(Written("HostRecord").Bytes - hosts.Bytes, 0, 2 * ManyServers.Count / ManyServers.Hosts * 512);
        Assert.InRange(fleet.HostRecordLength, 1, 2 * ManyServers.Count / ManyServers.Hosts * 512);
    }

    [Fact]
    public async Task Change_OfWhatTheHostDoesNotPromise_WritesNothingOfTheHost()
    {
        var server = fleet.Cluster.Fleet.GetServer(await AnyAsync());
        await UntilNothingIsWrittenAsync();
        var hosts = Written("HostRecord");

        Assert.True((await server.UpdateAsync((await server.GetSpecAsync())! with { Startup = "game --other" })).IsAccepted);
        await UntilNothingIsWrittenAsync();

        Assert.Equal(hosts, Written("HostRecord"));
    }

    [Fact]
    public async Task Host_ThatIsLost_ItsServersAreNotConfirmedAndAllOthersAre()
    {
        await fleet.Cluster.StopHostAsync(s_lost.Value, isKilled: true);

        var list = await Eventually.GetAsync(fleet.ReadAsync, list => list.Hosts.Any(host => host.Id == s_lost && host.Status is HostStatus.Silent or HostStatus.Lost)
            && list.Servers.All(listing => listing.Snapshot.IsReachable == (listing.Snapshot.Host != s_lost)));
        Assert.Equal(ManyServers.Count, list.Servers.Length);
        Assert.NotEmpty(list.Servers.Where(listing => !listing.Snapshot.IsReachable));
    }

    // What others have asked for, and the pictures that it leaves, come first.
    private async Task UntilNothingIsWrittenAsync()
    {
        var last = All();
        await Eventually.GetAsync(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            (var before, last) = (last, All());
            return before == last;
        }, isQuiet => isQuiet);

        (StoreWrites Fleet, StoreWrites Hosts, StoreWrites Servers) All() => (Written("FleetRecord"), Written("HostRecord"), Written("ServerRecord"));
    }

    private StoreWrites Written(string kind) => fleet.Meter.Of(kind);

    // On none that another test takes away.
    private async Task<ServerId> AnyAsync() => (await fleet.ReadAsync()).Servers.First(listing => listing.Snapshot.Host != s_lost).Snapshot.Id;

    private async Task<ServerResult> RenameAsync(ServerId id, string name)
    {
        var server = fleet.Cluster.Fleet.GetServer(id);
        return await server.UpdateAsync((await server.GetSpecAsync())! with { Name = name });
    }

    private static async Task<FleetUpdate> NextAsync(IAsyncEnumerator<FleetUpdate> viewer)
    {
        Assert.True(await viewer.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        return viewer.Current;
    }
}

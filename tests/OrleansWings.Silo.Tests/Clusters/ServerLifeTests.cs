using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansWings.Allocations;
using OrleansWings.Fleets;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Clusters;

namespace OrleansWings.Silo.Tests.Clusters;

/// <summary>A server's life through the facade, as panel code lives it.</summary>
public sealed class ServerLifeTests
{
    [Fact]
    public async Task Create_WithAnId_ARetryIsTheSameServerAndAnotherSpecIsRefused()
    {
        await using var cluster = await WingsCluster.StartAsync();
        await cluster.CreateServerAsync(Specs.Game("first"));
        var id = ServerId.New();

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cluster.Fleet.CreateServerAsync(Specs.Game("mine"), id)));
        var other = await cluster.Fleet.CreateServerAsync(Specs.Game("other"), id);

        Assert.All(results, result => Assert.Equal((true, id), (result.IsAccepted, result.Server!.Value)));
        Assert.Equal(ServerRefusal.AlreadyExists, other.Refusal);
        await Eventually.GetAsync(cluster.Fleet.ListServersAsync, servers => servers.Select(server => server.Name).SequenceEqual(["first", "mine"]));
    }

    [Fact]
    public async Task Create_PortIsHeld_IsRefusedWithWhoHoldsItAndFreedByDeletion()
    {
        await using var cluster = await WingsCluster.StartAsync();
        ImmutableArray<Allocation> ports = [new("0.0.0.0", 25565)];
        var holder = await cluster.CreateServerAsync(Specs.Game("holder") with { Ports = ports });

        var refused = await cluster.Fleet.CreateServerAsync(Specs.Game("late") with { Ports = [new("203.0.113.7", 25565)] });
        await holder.DeleteAsync();

        Assert.Equal(ServerRefusal.PortTaken, refused.Refusal);
        Assert.Equal("Ports[0]", Assert.Single(refused.Faults).Field);
        Assert.Contains("holder", refused.Message, StringComparison.Ordinal);
        var late = await Eventually.GetAsync(() => cluster.Fleet.CreateServerAsync(Specs.Game("late") with { Ports = ports }), result => result.IsAccepted);
        Assert.Equal(ServerRefusal.PortTaken, (await holder.RestoreAsync()).Refusal);
        Assert.True((await cluster.Fleet.GetServer(late.Server!.Value).DeleteAsync()).IsAccepted);
        await Eventually.GetAsync(holder.RestoreAsync, result => result.IsAccepted);
    }

    [Fact]
    public async Task Create_SpecCannotBe_EveryFaultIsNamed()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var spec = Specs.Game("") with { Image = "No Such", Ports = [new("nowhere", 0)], Limits = new ServerLimits { MemoryMiB = -1 } };

        var refused = await cluster.Fleet.CreateServerAsync(spec);

        Assert.Equal(ServerRefusal.Invalid, refused.Refusal);
        Assert.Equal(["Name", "Image", "Limits.MemoryMiB", "Ports[0].Ip", "Ports[0]"], refused.Faults.Select(fault => fault.Field));
        Assert.Empty(await cluster.Fleet.ListServersAsync());
    }

    [Fact]
    public async Task Delete_WhileRunning_StopsRemovesAndKeepsFilesUntilRestored()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());
        var paths = cluster.Host("h1").GetRequiredService<HostPaths>();
        await File.WriteAllTextAsync(Path.Combine(paths.Volume(server.Id), "world"), "precious");

        Assert.True((await server.DeleteAsync()).IsAccepted);

        await Eventually.TrueAsync(() => Directory.Exists(paths.Trash(server.Id)) && cluster.FakeEngine("h1").Containers.Count == 0);
        Assert.False(Directory.Exists(paths.Volume(server.Id)));
        Assert.Equal(ServerRefusal.Deleted, (await server.StartAsync()).Refusal);
        Assert.Equal(server.Id, Assert.Single(await Eventually.GetAsync(cluster.Fleet.ListDeletedServersAsync, deleted => deleted.Length == 1)).Id);
        Assert.Empty(await cluster.Fleet.ListServersAsync());

        Assert.True((await server.RestoreAsync()).IsAccepted);

        await Eventually.TrueAsync(() => File.Exists(Path.Combine(paths.Volume(server.Id), "world")));
        await cluster.StartServerAsync(server);
        Assert.Empty(await cluster.Fleet.ListDeletedServersAsync());
    }

    [Fact]
    public async Task Update_WhileRunning_IsPendingAndAppliesAtTheNextStart()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());

        Assert.True((await server.UpdateAsync(Specs.Game("renamed") with { Limits = new ServerLimits { MemoryMiB = 64 } })).IsAccepted);

        await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { IsSpecPending: true, Name: "renamed" });
        await server.RestartAsync();
        await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { State: PowerState.Running, Run: 2, IsSpecPending: false });
        Assert.Equal(64L * 1024 * 1024, cluster.FakeEngine("h1").Find(server.Id.ToString())!.Spec.Limits.MemoryBytes);
    }

    [Fact]
    public async Task Update_OfWhatAppliesAtOnce_IsNotSaidToWait()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.RunServerAsync(Specs.Game());

        Assert.True((await server.UpdateAsync((await server.GetSpecAsync())! with { Name = "renamed", Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGINT" } })).IsAccepted);

        var renamed = await Eventually.GetAsync(server.GetSnapshotAsync, snapshot => snapshot is { Name: "renamed" });
        Assert.False(renamed!.IsSpecPending);
    }

    [Fact]
    public async Task Update_OfAVersionThatSomebodyElseChanged_IsRefusedWithTheNewOne()
    {
        await using var cluster = await WingsCluster.StartAsync();
        var server = await cluster.CreateServerAsync(Specs.Game());
        var read = (await server.GetVersionedSpecAsync())!;
        var theirs = read.Spec with { Name = "theirs" };
        var mine = read.Spec with { Name = "mine" };

        Assert.True((await server.UpdateAsync(theirs, read.Version)).IsAccepted);
        var refused = await server.UpdateAsync(mine, read.Version);
        // Their own press once more, because the answer was lost, is no conflict.
        Assert.True((await server.UpdateAsync(theirs, read.Version)).IsAccepted);

        Assert.Equal((ServerRefusal.Changed, 2L), (refused.Refusal, refused.Version));
        Assert.Equal("Somebody changed this server meanwhile: you edited version 1, it is version 2 now.", refused.Message);
        Assert.Equal(("theirs", 2L), (await server.GetVersionedSpecAsync() is var (spec, version) ? (spec.Name, version) : default));
        Assert.True((await server.UpdateAsync(mine, refused.Version)).IsAccepted);
        Assert.Equal("mine", (await server.GetSpecAsync())!.Name);
    }

    [Fact]
    public async Task Feed_ServersComeRunAndGo_TheListFollows()
    {
        await using var cluster = await WingsCluster.StartAsync();
        using var stop = new CancellationTokenSource();
        var listings = new Dictionary<ServerId, ServerListing>();
        var following = Task.Run(async () =>
        {
            await foreach (var update in cluster.Feed.WatchAsync(stop.Token))
            {
                lock (listings)
                {
                    foreach (var listing in update.Servers)
                        listings[listing.Snapshot.Id] = listing;
                    foreach (var gone in update.Removed)
                        listings.Remove(gone);
                }
            }
        });
        bool Has(Func<ServerListing, bool> fits)
        {
            lock (listings)
                return listings.Values.Any(fits);
        }

        var server = await cluster.RunServerAsync(Specs.Game());
        await Eventually.TrueAsync(() => Has(listing => listing.Snapshot.State == PowerState.Running && listing.Usage != null));
        await server.StopAsync();
        await Eventually.TrueAsync(() => Has(listing => listing.Snapshot.State == PowerState.Offline && listing.Usage == null));
        cluster.FakeEngine("h1").IsAway = true;
        await Eventually.TrueAsync(() => Has(listing => !listing.Snapshot.IsReachable));
        cluster.FakeEngine("h1").IsAway = false;
        await Eventually.TrueAsync(() => Has(listing => listing.Snapshot.IsReachable));
        await cluster.StopHostAsync("h1", isKilled: true);
        await Eventually.TrueAsync(() => Has(listing => !listing.Snapshot.IsReachable));

        await stop.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}

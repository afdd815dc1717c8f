using OrleansWings.Dashboard.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Fleets;

/// <summary>One picture for all circuits, of which each reads what it shows: nothing of it is copied for a viewer.</summary>
public sealed class LargeFleetTests
{
    private const int Count = 10_000;

    [Fact]
    public void Filter_TenThousandServers_AllocatesNothingForALaterPicture()
    {
        var builder = new FleetPictureBuilder();
        builder.Apply(new FleetUpdate { IsSnapshot = true, Servers = [.. Enumerable.Range(0, Count).Select(number => Listing(number))] });
        var filter = new FleetFilter { Text = "server" };
        Assert.Equal(Count, filter.Apply(builder.Build()).Count);
        builder.Apply(new FleetUpdate { Servers = [Listing(5, state: PowerState.Running)] });
        var next = builder.Build();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fitting = filter.Apply(next);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Count, fitting.Count);
        Assert.InRange(allocated, 0, 1_024);
    }

    [Fact]
    public void Filter_ThatFits_HandsOutTheSharedListingsInTheirOrder()
    {
        var builder = new FleetPictureBuilder();
        builder.Apply(new FleetUpdate { IsSnapshot = true, Servers = [.. Enumerable.Range(0, 100).Select(number => Listing(number, $"lobby{number}"))] });
        var picture = builder.Build();
        var filter = new FleetFilter { Text = "lobby1" };

        var slice = filter.Apply(picture).Skip(2).Take(3).ToArray();

        Assert.Equal(["lobby11", "lobby12", "lobby13"], slice.Select(listing => listing.Snapshot.Name));
        Assert.All(slice, listing => Assert.Same(picture.Find(listing.Snapshot.Id), listing));
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.Apply(picture)[11]);
        filter.Text = "";
        Assert.Equal(picture.Servers, filter.Apply(picture));
    }

    [Fact]
    public void Counts_AndServersOfAHost_AreOfThePictureTheyAreAskedOf()
    {
        var builder = new FleetPictureBuilder();
        builder.Apply(new FleetUpdate { IsSnapshot = true, Servers = [Listing(1), Listing(2, host: "eu-2"), Listing(3, state: PowerState.Running)] });
        var before = builder.Build();
        Assert.Equal((2, 1), (before.CountOf(PowerState.Offline), before.CountOf(PowerState.Running)));
        var lost = Listing(3, state: PowerState.Running);
        builder.Apply(new FleetUpdate { Servers = [lost with { Snapshot = lost.Snapshot with { IsReachable = false } }], Removed = [Id(1)] });

        var after = builder.Build();

        Assert.Equal((1, 0), (after.CountOf(PowerState.Offline), after.CountOf(PowerState.Running)));
        Assert.Equal(["server 3"], after.ServersOn(new HostId("eu-1")).Select(server => server.Name));
        Assert.Equal(["server 1", "server 3"], before.ServersOn(new HostId("eu-1")).Select(server => server.Name));
        Assert.Empty(after.ServersOn(new HostId("eu-3")));
    }

    [Fact]
    public void Build_NothingOfTheServersIsNew_IsTheSameList()
    {
        var builder = new FleetPictureBuilder();
        builder.Apply(new FleetUpdate { IsSnapshot = true, Servers = [Listing(1)] });
        var before = builder.Build();
        builder.Apply(new FleetUpdate { Hosts = [new HostSnapshot { Id = new HostId("eu-1") }] });

        Assert.True(before.Servers == builder.Build().Servers);
    }

    // Added, renamed, deleted, restored, removed, in any order and many in one picture: as if all were sorted each time.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Build_AfterAnySteps_IsSortedAndComplete(int seed)
    {
        var random = new Random(seed);
        var (builder, known) = (new FleetPictureBuilder(), new Dictionary<ServerId, ServerListing>());
        for (var step = 0; step < 2_000; step++)
        {
            var listing = Listing(random.Next(60), $"server {random.Next(40)}", (PowerState)random.Next(4));
            var isGone = random.Next(5) == 0;
            var isDeleted = random.Next(5) == 0;
            if (isDeleted)
                listing = listing with { Snapshot = listing.Snapshot with { IsDeleted = true } };
            var isSnapshot = random.Next(200) == 0;
            builder.Apply(isGone ? new FleetUpdate { Removed = [listing.Snapshot.Id] } : new FleetUpdate { IsSnapshot = isSnapshot, Servers = [listing] });
            if (isSnapshot && !isGone)
                known.Clear();
            if (isGone || isDeleted)
                known.Remove(listing.Snapshot.Id);
            else
                known[listing.Snapshot.Id] = listing;
            if (random.Next(3) > 0)
                continue;
            var picture = builder.Build();
            Assert.Equal(known.Values.OrderBy(one => one.Snapshot.Name, NaturalComparer.Instance).ThenBy(one => one.Snapshot.Id), picture.Servers);
            Assert.All(known, one => Assert.Same(one.Value, picture.Find(one.Key)));
        }
    }

    private static ServerId Id(int number) => new(new Guid(number + 1, 0, 0, new byte[8]));

    private static ServerListing Listing(int number, string? name = null, PowerState state = PowerState.Offline, string host = "eu-1")
        => new(new ServerSnapshot { Id = Id(number), Name = name ?? $"server {number}", Host = new HostId(host), State = state }, null);
}

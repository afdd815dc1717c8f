using Microsoft.Extensions.Time.Testing;
using OrleansWings.Client.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Servers;

namespace OrleansWings.Silo.Tests.Fleets;

public sealed class FleetPictureTests : IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);
    private static readonly ServerId s_one = ServerId.Parse("0197e4a0-0000-7000-8000-000000000001");
    private static readonly ServerId s_two = ServerId.Parse("0197e4a0-0000-7000-8000-000000000002");

    private readonly FakeTimeProvider _time = new();
    private readonly FleetPicture _picture = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<FleetUpdate> _viewer;

    public FleetPictureTests() => _viewer = _picture.WatchAsync(s_pace, _time, _stop.Token).GetAsyncEnumerator(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _viewer.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Viewer_AtFirst_GetsEverythingThatIsThere()
    {
        Apply(Server(s_one, 1), Server(s_two, 1));
        _picture.Apply(new FleetUpdate { Removed = [s_two], Hosts = [new HostSnapshot { Id = ServerSamples.Host }] });

        var update = await NextAsync();

        Assert.True(update.IsSnapshot);
        Assert.Equal(s_one, Assert.Single(update.Servers).Snapshot.Id);
        Assert.Empty(update.Removed);
        Assert.Equal(ServerSamples.Host, Assert.Single(update.Hosts).Id);
    }

    [Fact]
    public async Task Viewer_WhatIsSaidAgain_IsNotToldAgain()
    {
        var host = new HostSnapshot { Id = ServerSamples.Host };
        var listing = Server(s_one, 1);
        Apply(listing);
        _picture.Apply(new FleetUpdate { Hosts = [host] });
        await NextAsync();

        // As it comes from another silo: a copy.
        _picture.Apply(new FleetUpdate { Servers = [listing with { Snapshot = listing.Snapshot with { Ports = [.. listing.Snapshot.Ports] } }], Hosts = [host with { }] });
        _picture.Apply(new FleetUpdate { Removed = [s_two] });
        var next = _viewer.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);

        Apply(listing with { Snapshot = listing.Snapshot with { IsReachable = false } });
        await PassUntilAsync(next);
        var update = _viewer.Current;
        Assert.False(Assert.Single(update.Servers).Snapshot.IsReachable);
        Assert.Empty(update.Hosts);
        Assert.Empty(update.Removed);
    }

    [Fact]
    public async Task Viewer_ThatIsSlow_GetsOneMergedStep()
    {
        Apply(Server(s_one, 1));
        await NextAsync();
        for (var revision = 2; revision <= 100; revision++)
            Apply(Server(s_one, revision));
        Apply(Server(s_two, 1));
        _picture.Apply(new FleetUpdate { Removed = [s_two] });

        var update = await NextAsync();

        Assert.False(update.IsSnapshot);
        Assert.Equal(100, Assert.Single(update.Servers).Snapshot.Revision);
        Assert.Equal([s_two], update.Removed);
        var next = _viewer.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Snapshot_RemovesWhatIsNotInIt()
    {
        Apply(Server(s_one, 1), Server(s_two, 1));
        await NextAsync();

        _picture.Apply(new FleetUpdate { IsSnapshot = true, Servers = [Server(s_two, 2)] });

        var update = await NextAsync();
        Assert.Equal([s_one], update.Removed);
        Assert.Equal(s_two, Assert.Single(update.Servers).Snapshot.Id);
    }

    [Fact]
    public async Task CompleteWordOfAHost_RemovesWhatElseWasKnownOfItAndNothingOfOthers()
    {
        var (other, elsewhere) = (ServerId.New(), new HostId("elsewhere"));
        Apply(Server(s_one, 1), Server(s_two, 1), Server(other, 1) with { Snapshot = Server(other, 1).Snapshot with { Host = elsewhere } });
        await NextAsync();

        _picture.Apply(new FleetUpdate { Servers = [Server(s_two, 1)] }, ServerSamples.Host);
        _picture.Apply(new FleetUpdate { Servers = [Server(s_two, 1)], IsComplete = true }, ServerSamples.Host);

        var update = await NextAsync();
        Assert.False(update.IsSnapshot);
        Assert.Equal([s_one], update.Removed);
        Assert.Empty(update.Servers);
    }

    [Fact]
    public async Task WordOfAHost_ThatAServerHasLeft_TakesNothingFromItsNewHost()
    {
        var elsewhere = new HostId("elsewhere");
        Apply(Server(s_one, 1), Server(s_two, 1));
        var moved = Server(s_one, 1, epoch: 2);
        Apply(moved with { Snapshot = moved.Snapshot with { Host = elsewhere } });
        await NextAsync();

        _picture.Apply(new FleetUpdate { Removed = [s_one] }, ServerSamples.Host);
        _picture.Apply(new FleetUpdate { IsComplete = true }, ServerSamples.Host);
        Assert.Equal([s_two], (await NextAsync()).Removed);

        _picture.Apply(new FleetUpdate { IsComplete = true }, elsewhere);
        Assert.Equal([s_one], (await NextAsync()).Removed);
    }

    [Fact]
    public async Task Viewer_ThatHasSeenAll_IsToldOfWhatChangedSince()
    {
        Apply([.. Enumerable.Range(0, 1_000).Select(_ => Server(ServerId.New(), 1)), Server(s_one, 1)]);
        Assert.Equal(1_001, (await NextAsync()).Servers.Length);

        Apply(Server(s_one, 2));
        Apply(Server(s_two, 1));
        Apply(Server(s_one, 3));

        Assert.Equal([(s_two, 1), (s_one, 3)], (await NextAsync()).Servers.Select(listing => (listing.Snapshot.Id, listing.Snapshot.Revision)));
    }

    [Fact]
    public async Task OlderPicture_AfterANewer_IsPassedOver()
    {
        Apply(Server(s_one, 5));
        Apply(Server(s_one, 4));
        Apply(Server(s_one, 1) with { Usage = new() });

        Assert.Equal(5, Assert.Single((await NextAsync()).Servers).Snapshot.Revision);

        Apply(Server(s_one, 5) with { Usage = new() });
        Assert.NotNull(Assert.Single((await NextAsync()).Servers).Usage);

        // A new epoch counts anew.
        Apply(Server(s_one, 1, epoch: 2));
        Assert.Equal(2, Assert.Single((await NextAsync()).Servers).Snapshot.Epoch);
    }

    [Fact]
    public async Task Happenings_AreToldOnceAndInOrder_ToThoseWhoWatch()
    {
        Happen("before anybody watched");
        Apply(Server(s_one, 1));
        Assert.Empty((await NextAsync()).Happened);

        Happen("one");
        Happen("two");
        Assert.Equal(["one", "two"], (await NextAsync()).Happened.Select(happening => happening.Event.Text));
        Apply(Server(s_one, 2));
        Assert.Empty((await NextAsync()).Happened);
    }

    [Fact]
    public async Task Happenings_MoreThanAreKept_TheLatestAreTold()
    {
        await NextAsync();
        for (var i = 1; i <= 600; i++)
            Happen($"{i}");
        Assert.Equal(Enumerable.Range(101, 500).Select(i => $"{i}"), (await NextAsync()).Happened.Select(happening => happening.Event.Text));
    }

    private void Happen(string text) => _picture.Apply(new FleetUpdate { Happened = [new ServerHappening(s_one, new ServerEvent { Text = text })] }, ServerSamples.Host);

    private void Apply(params ServerListing[] servers) => _picture.Apply(new FleetUpdate { Servers = [.. servers] });

    private async Task<FleetUpdate> NextAsync()
    {
        await PassUntilAsync(_viewer.MoveNextAsync().AsTask());
        return _viewer.Current;
    }

    private async Task PassUntilAsync(Task<bool> next)
    {
        for (var i = 0; !next.IsCompleted; i++)
        {
            Assert.True(i < 1_000, "No step came.");
            _time.Advance(s_pace);
            await Task.WhenAny(next, Task.Delay(5));
        }

        Assert.True(await next);
    }

    private static ServerListing Server(ServerId id, long revision, long epoch = 1)
        => new(new ServerSnapshot { Id = id, Name = "N", Host = ServerSamples.Host, Revision = revision, Epoch = epoch }, null);
}

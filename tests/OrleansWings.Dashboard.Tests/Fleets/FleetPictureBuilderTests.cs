using OrleansWings.Dashboard.Fleets;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Fleets;

public sealed class FleetPictureBuilderTests
{
    private readonly FleetPictureBuilder _builder = new();

    [Fact]
    public void Build_NothingNew_IsSamePicture()
    {
        _builder.Apply(Snapshot(Listing(1, "a")));
        Assert.Same(_builder.Build(), _builder.Build());
    }

    [Fact]
    public void Apply_Snapshot_IsSortedAsPeopleDo()
    {
        _builder.Apply(Snapshot(Listing(1, "lobby 10"), Listing(2, "Arena"), Listing(3, "lobby 2"), Listing(4, "Lobby 1")));
        Assert.Equal(["Arena", "Lobby 1", "lobby 2", "lobby 10"], Names());
    }

    [Fact]
    public void Apply_RemovedHost_IsGone()
    {
        _builder.Apply(new FleetUpdate { IsSnapshot = true, Hosts = [new HostSnapshot { Id = new HostId("eu-1") }, new HostSnapshot { Id = new HostId("eu-2") }] });
        _builder.Apply(new FleetUpdate { RemovedHosts = [new HostId("eu-1")] });
        Assert.Equal(["eu-2"], _builder.Build().Hosts.Select(host => host.Id.Value));
    }

    [Fact]
    public void Apply_Change_ReplacesInPlace()
    {
        _builder.Apply(Snapshot(Listing(1, "a"), Listing(2, "b")));
        var before = _builder.Build();
        _builder.Apply(new FleetUpdate { Servers = [Listing(1, "a", PowerState.Running)] });
        var after = _builder.Build();
        Assert.Equal(PowerState.Running, after.Find(Id(1))!.Snapshot.State);
        Assert.Equal(PowerState.Offline, before.Find(Id(1))!.Snapshot.State);
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public void Apply_Rename_MovesIt()
    {
        _builder.Apply(Snapshot(Listing(1, "a"), Listing(2, "b")));
        _builder.Build();
        _builder.Apply(new FleetUpdate { Servers = [Listing(1, "c")] });
        Assert.Equal(["b", "c"], Names());
    }

    [Fact]
    public void Apply_RemovedOrDeleted_IsGoneFromTheList()
    {
        _builder.Apply(Snapshot(Listing(1, "a"), Listing(2, "b"), Listing(3, "c")));
        _builder.Build();
        _builder.Apply(new FleetUpdate { Removed = [Id(1)], Servers = [Deleted(2, "b")] });
        Assert.Equal(["c"], Names());
        Assert.Null(_builder.Build().Find(Id(1)));
        Assert.True(_builder.Build().Find(Id(2))!.Snapshot.IsDeleted);
    }

    [Fact]
    public void Apply_DeletedAndThenRestoredRemovedOrNotInASnapshot_IsDeletedNoMore()
    {
        _builder.Apply(Snapshot(Deleted(1, "a"), Deleted(2, "b"), Deleted(3, "c")));
        Assert.Empty(Names());
        _builder.Apply(new FleetUpdate { Removed = [Id(1)], Servers = [Listing(2, "b")] });
        Assert.Equal(["b"], Names());
        Assert.Null(_builder.Build().Find(Id(1)));
        Assert.False(_builder.Build().Find(Id(2))!.Snapshot.IsDeleted);
        Assert.True(_builder.Build().Find(Id(3))!.Snapshot.IsDeleted);
        _builder.Apply(Snapshot(Listing(2, "b")));
        Assert.Null(_builder.Build().Find(Id(3)));
    }

    [Fact]
    public void Apply_SecondSnapshot_ReplacesAll()
    {
        _builder.Apply(Snapshot(Listing(1, "a")));
        _builder.Build();
        _builder.Apply(Snapshot(Listing(2, "b")));
        Assert.Equal(["b"], Names());
    }

    [Fact]
    public void Lose_KeepsPictureAndFirstTime_UntilHeardAgain()
    {
        var at = new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);
        _builder.Apply(Snapshot(Listing(1, "a")));
        _builder.Lose(at);
        _builder.Lose(at.AddMinutes(1));
        Assert.Equal(at, _builder.Build().LostAt);
        Assert.Equal(["a"], Names());
        _builder.Apply(Snapshot(Listing(1, "a")));
        Assert.Null(_builder.Build().LostAt);
    }

    [Fact]
    public void Filter_NoWish_IsTheSharedListItself()
    {
        _builder.Apply(Snapshot(Listing(1, "a"), Listing(2, "b")));
        var picture = _builder.Build();
        Assert.Equal(picture.Servers, new FleetFilter().Apply(picture));
    }

    [Theory]
    [InlineData("LOB", "lobby 1")]
    [InlineData("eu-1 lob", "lobby 1")]
    [InlineData("25566", "arena")]
    [InlineData("nothing", "")]
    public void Filter_Words_AllMustOccur(string text, string expected)
    {
        var arena = Listing(2, "arena");
        _builder.Apply(Snapshot(Listing(1, "lobby 1"), arena with { Snapshot = arena.Snapshot with { Ports = [new("0.0.0.0", 25_566)] } }));
        var found = new FleetFilter { Text = text }.Apply(_builder.Build());
        Assert.Equal(expected, string.Join(' ', found.Select(listing => listing.Snapshot.Name)));
    }

    [Fact]
    public void Filter_State_PassesOverUnconfirmed()
    {
        var lost = Listing(2, "lost", PowerState.Running);
        _builder.Apply(Snapshot(Listing(1, "a", PowerState.Running), lost with { Snapshot = lost.Snapshot with { IsReachable = false } }));
        Assert.Equal("a", Assert.Single(new FleetFilter { State = PowerState.Running }.Apply(_builder.Build())).Snapshot.Name);
    }

    private static ServerId Id(int n) => new(new Guid(n, 0, 0, new byte[8]));

    private static ServerListing Listing(int n, string name, PowerState state = PowerState.Offline, bool isDeleted = false)
        => new(new ServerSnapshot { Id = Id(n), Name = name, Host = new HostId("eu-1"), State = state, IsDeleted = isDeleted }, null);

    private static ServerListing Deleted(int n, string name) => Listing(n, name, isDeleted: true);

    private static FleetUpdate Snapshot(params ServerListing[] servers) => new() { IsSnapshot = true, Servers = [.. servers] };

    private IEnumerable<string> Names() => _builder.Build().Servers.Select(listing => listing.Snapshot.Name);
}

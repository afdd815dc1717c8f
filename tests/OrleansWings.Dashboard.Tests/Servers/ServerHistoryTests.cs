using System.Collections.Immutable;
using Bunit;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerHistoryTests : DashboardContext
{
    [Fact]
    public void Render_Nothing_SaysSo()
        => Assert.Equal("Nothing has happened yet.", Show(Add("lobby").Snapshot).Find(".hint").TextContent);

    [Fact]
    public void Render_ACrash_HasItsLastLinesAsText()
    {
        var server = Add("lobby");
        server.Events.Add(new ServerEvent { Kind = ServerEventKind.Exit, Text = "It crashed.", Exit = new ServerExit(1, false, default, false), LastLines = ["one", "<script>alert(1)</script>"] });
        var history = Show(server.Snapshot);

        var item = history.Find(".wrong-event");
        Assert.Equal("It crashed.", item.QuerySelector("span")!.TextContent);
        Assert.Equal("one\n<script>alert(1)</script>", item.QuerySelector("pre")!.TextContent);
        Assert.Empty(history.FindAll("script"));
    }

    [Fact]
    public async Task Render_Many_ShowsTheFirstAndThenAll()
    {
        var server = Add("lobby");
        server.Events.AddRange(Enumerable.Range(1, 200).Select(i => new ServerEvent { Text = $"event {i}" }));
        var history = Show(server.Snapshot);
        Assert.Equal(8, history.FindAll("li").Count);

        await history.InvokeAsync(() => history.Find("button").ClickAsync());
        Assert.Equal(200, history.FindAll("li").Count);
        Assert.Empty(history.FindAll("button"));
    }

    [Fact]
    public void Render_PictureChanges_IsReadAnew()
    {
        var server = Add("lobby");
        var history = Show(server.Snapshot);
        server.Events.Add(new ServerEvent { Text = "It began." });
        history.Render(parameters => parameters.Add(p => p.Server, server.Snapshot));
        Assert.Empty(history.FindAll("li"));

        history.Render(parameters => parameters.Add(p => p.Server, server.Snapshot with { Revision = server.Snapshot.Revision + 1 }));
        Assert.Single(history.FindAll("li"));
    }

    [Fact]
    public void Render_SomethingHappensThatIsOnNoPicture_IsReadAnew()
    {
        var (server, other) = (Add("lobby"), Add("arena", port: 25_566));
        var history = Show(server.Snapshot);
        var happened = new ServerEvent { Kind = ServerEventKind.PullCompleted, Text = "The image is there." };
        server.Events.Add(happened);

        Fleet.Publish(new FleetUpdate { Happened = [new ServerHappening(other.Id, happened)] });
        Fleet.Publish(new FleetUpdate { Happened = [new ServerHappening(server.Id, happened)] });

        history.WaitForAssertion(() => Assert.Single(history.FindAll("li")), Wait);
    }

    [Fact]
    public void Render_CannotBeRead_SaysSo()
    {
        var server = Add("lobby");
        server.Fault = new TimeoutException();
        Assert.Equal("The history cannot be read at the moment.", Show(server.Snapshot).Find(".hint").TextContent);
    }

    [Fact]
    public void Render_HostAwayForAMoment_KeepsWhatWasShown()
    {
        var server = Add("lobby");
        server.Events.Add(new ServerEvent { Text = "It began." });
        var history = Show(server.Snapshot);
        server.OnReadEvents = () => Task.FromResult<ImmutableArray<ServerEvent>?>(null);
        history.Render(parameters => parameters.Add(p => p.Server, server.Snapshot with { Revision = server.Snapshot.Revision + 1 }));

        Assert.Single(history.FindAll("li"));
        Assert.Equal("The history is kept on the host, which does not answer.", Show(server.Snapshot).Find(".hint").TextContent);
    }

    [Fact]
    public async Task Render_MuchHappensWhileItIsRead_IsReadOnceMore()
    {
        var server = Add("lobby");
        var (first, reads) = (new TaskCompletionSource<ImmutableArray<ServerEvent>?>(), 0);
        server.OnReadEvents = () => ++reads == 1 ? first.Task : Task.FromResult<ImmutableArray<ServerEvent>?>([new ServerEvent { Text = "new" }, new ServerEvent { Text = "old" }]);
        var history = Show(server.Snapshot);
        for (var i = 1; i <= 20; i++)
            history.Render(parameters => parameters.Add(p => p.Server, server.Snapshot with { Revision = server.Snapshot.Revision + i }));
        Assert.Equal(1, reads);

        await history.InvokeAsync(() => first.SetResult([new ServerEvent { Text = "old" }]));

        history.WaitForAssertion(() => Assert.Equal(2, history.FindAll("li").Count), Wait);
        Assert.Equal(2, reads);
    }

    private IRenderedComponent<ServerHistory> Show(ServerSnapshot server) => Render<ServerHistory>(parameters => parameters.Add(p => p.Server, server));
}

using Bunit;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Fleets;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class HostPageTests : DashboardContext
{
    [Fact]
    public void Render_UnknownName_SaysSo()
    {
        var page = Render<HostPage>(parameters => parameters.Add(one => one.Id, "eu-9"));

        Assert.Equal("There is no host of this name", page.Find("h1").TextContent);
    }

    [Fact]
    public void Render_HostThatSaidNothingYet_IsEmptyInWords()
    {
        var page = RenderHost();

        Assert.Contains("Not known yet", Section(page, "Capacity"), StringComparison.Ordinal);
        Assert.Contains("has not answered yet", Section(page, "Machine"), StringComparison.Ordinal);
        Assert.Contains("No server is on this host.", Section(page, "Servers"), StringComparison.Ordinal);
        Assert.Contains("This host has no pool", Section(page, "Ports"), StringComparison.Ordinal);
        Assert.Contains("No server here holds a port.", Section(page, "Ports"), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HostWithManyServers_ShowsSomeAndSaysHowToFindTheOthers()
    {
        for (var number = 0; number < 203; number++)
            Add($"server {number}", port: 25_565 + number);
        var page = RenderHost();

        page.WaitForAssertion(() => Assert.Contains("And 3 more: the list of servers finds them, among others, by “eu-1”.", Section(page, "Servers"), StringComparison.Ordinal), Wait);
        Assert.Equal(200, page.FindAll(".host-servers li").Count);
    }

    [Fact]
    public void Render_Capacity_HasTheNumbersInWords()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Ready, Capacity = new HostCapacity { Memory = new() { Total = 8192, Promised = 4096, Used = 1024 } } });
        var page = RenderHost();

        page.WaitForAssertion(() => Assert.Contains("4.0 GiB promised of 8.0 GiB, 1.0 GiB in use", Section(page, "Capacity"), StringComparison.Ordinal), Wait);
    }

    [Fact]
    public async Task Maintenance_BeginAndEnd_IsShownAndSaid()
    {
        var page = RenderHost();
        await page.InvokeAsync(() => Field(page, "Note").ChangeAsync("new disk"));
        await Press(page, "Begin maintenance");
        page.WaitForAssertion(() => Assert.Contains("no new server comes here. new disk", page.Find(".banner").TextContent, StringComparison.Ordinal), Wait);

        await Press(page, "End maintenance");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".banner")), Wait);
        Assert.Equal(["eu-1 is in maintenance.", "eu-1 takes new servers again."], Said);
    }

    [Fact]
    public async Task Labels_Typed_AreSavedOrSaidAtTheField()
    {
        var page = RenderHost();
        await page.InvokeAsync(() => Field(page, "Labels").ChangeAsync("region"));
        await Press(page, "Save labels");
        Assert.Contains("'region' is not a label: write it as name=value.", Section(page, "Labels"), StringComparison.Ordinal);

        await page.InvokeAsync(() => Field(page, "Labels").ChangeAsync("Region=eu"));
        await Press(page, "Save labels");
        Assert.Contains("'Region' is not a label's name", Section(page, "Labels"), StringComparison.Ordinal);

        await page.InvokeAsync(() => Field(page, "Labels").ChangeAsync("region=eu, disk=nvme"));
        await Press(page, "Save labels");
        page.WaitForAssertion(() => Assert.Equal("eu", Fleet.FindHost(Eu1)!.Settings!.Labels["region"]), Wait);
        page.WaitForAssertion(() => Assert.Equal("disk=nvme, region=eu", Field(page, "Labels").GetAttribute("value")), Wait);
    }

    [Fact]
    public async Task OverCommit_Typed_IsSavedOrSaidAtTheField()
    {
        var page = RenderHost();
        await page.InvokeAsync(() => Field(page, "Memory").ChangeAsync("lots"));
        await Press(page, "Save factors");
        Assert.Contains("'lots' is not a factor: 0.1 to 20.", Section(page, "Over-commit"), StringComparison.Ordinal);

        await page.InvokeAsync(() => Field(page, "Memory").ChangeAsync("50"));
        await Press(page, "Save factors");
        Assert.Contains("50 is not a factor: 0.1 to 20.", Section(page, "Over-commit"), StringComparison.Ordinal);

        await page.InvokeAsync(() => Field(page, "Memory").ChangeAsync("1.5"));
        await Press(page, "Save factors");
        Assert.Equal(new OverCommit { Memory = 1.5 }, Fleet.FindHost(Eu1)!.Settings!.OverCommit);
    }

    [Fact]
    public async Task Pools_AddOverlapUseAndRemove_AreSaidInWords()
    {
        var server = Add("lobby", port: 25_565);
        var page = RenderHost();
        await AddPoolAsync(page, "25565", "25570");
        page.WaitForAssertion(() => Assert.Contains("0.0.0.0:25565-25570", page.Find(".pools").TextContent, StringComparison.Ordinal), Wait);
        Assert.Contains("1 held, 5 free", page.Find(".pools").TextContent, StringComparison.Ordinal);
        Assert.Equal("lobby", page.Find($".ports-table a[href='/servers/{server.Id}']").TextContent);

        await AddPoolAsync(page, "25570", "25580");
        Assert.Contains("0.0.0.0:25570-25580 overlaps the pool 0.0.0.0:25565-25570.", Section(page, "Ports"), StringComparison.Ordinal);
        await AddPoolAsync(page, "many", "25580");
        Assert.Contains("0 is not a port", Section(page, "Ports"), StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("button[aria-label='Remove the pool 0.0.0.0:25565-25570']").ClickAsync());
        Assert.Contains("The pool 0.0.0.0:25565-25570 is in use by lobby.", Said);
    }

    [Fact]
    public async Task Note_OfAPort_IsKept()
    {
        Add("lobby", port: 25_565);
        var page = RenderHost();
        page.WaitForAssertion(() => page.Find("input[aria-label='Note of 0.0.0.0:25565']"), Wait);
        await page.InvokeAsync(() => page.Find("input[aria-label='Note of 0.0.0.0:25565']").ChangeAsync("voice"));

        page.WaitForAssertion(() => Assert.Equal("voice", page.Find("input[aria-label='Note of 0.0.0.0:25565']").GetAttribute("value")), Wait);
    }

    [Fact]
    public void Removal_HostIsThere_IsNotOffered()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Ready });
        var page = RenderHost();

        page.WaitForAssertion(() => Assert.Contains("This host is in the fleet.", Section(page, "Removal"), StringComparison.Ordinal), Wait);
        Assert.Empty(page.FindAll("section[aria-label='Removal'] button"));
    }

    [Fact]
    public async Task Removal_CutShort_IsSaidAndGoneOnWith()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Lost, RemovingSince = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero) });
        var page = RenderHost();
        page.WaitForAssertion(() => Assert.Contains("Its removal began at 2026-01-02 03:04 UTC and has not come to its end", Section(page, "Removal"), StringComparison.Ordinal), Wait);
        Assert.Contains(page.FindAll(".banner"), banner => banner.TextContent.Contains("no new server comes here", StringComparison.Ordinal));

        await page.InvokeAsync(() => Field(page, "Type eu-1 to confirm").ChangeAsync("eu-1"));
        await Press(page, "Go on with the removal");

        Assert.Equal(["Host eu-1 is removed."], Said);
    }

    [Fact]
    public async Task Removal_LostWithServers_SaysWhatIsLostAndWantsTheName()
    {
        Add("lobby");
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Lost });
        var page = RenderHost();
        page.WaitForAssertion(() => Assert.Contains("Its server's record goes with it.", Section(page, "Removal"), StringComparison.Ordinal), Wait);

        await Press(page, "Remove host");
        Assert.Contains("'' is not the name of this host.", Section(page, "Removal"), StringComparison.Ordinal);
        await page.InvokeAsync(() => Field(page, "Type eu-1 to confirm").ChangeAsync("eu-2"));
        await Press(page, "Remove host");
        Assert.NotNull(Fleet.FindHost(Eu1));

        await page.InvokeAsync(() => Field(page, "Type eu-1 to confirm").ChangeAsync("eu-1"));
        await Press(page, "Remove host");
        Assert.Null(Fleet.FindHost(Eu1));
        Assert.Equal(["Host eu-1 is removed."], Said);
        Assert.EndsWith("/hosts", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("There is no host of this name", page.Find("h1").TextContent), Wait);
    }

    [Fact]
    public async Task Unclaimed_Servers_AreAdoptedAllAtOnce()
    {
        var page = RenderHost();
        Assert.Empty(page.FindAll("section[aria-label='Unclaimed servers']"));
        var servers = new[] { Add("lobby"), Add("arena", port: 25_566) };
        foreach (var server in servers)
            server.Change(snapshot => snapshot with { IsUnclaimed = true });
        page.WaitForAssertion(() => Assert.Contains("2 servers here have no record", Section(page, "Unclaimed servers"), StringComparison.Ordinal), Wait);

        await Press(page, "Adopt all");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("section[aria-label='Unclaimed servers']")), Wait);
        Assert.All(servers, server => Assert.Equal(["adopt eu-1"], server.Calls));
    }

    public static TheoryData<Exception> Faults => [new StoreUnreachableException(), new TimeoutException(), new IOException("A surprise.")];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Ports_ThatCannotBeRead_AreSaidAndTheRestOfThePageStands(Exception fault)
    {
        Add("lobby", port: 25_565);
        Fleet.AllocationsFault = fault;
        var page = RenderHost();
        page.WaitForAssertion(() => Assert.Contains("Who holds which port cannot be read", Section(page, "Ports"), StringComparison.Ordinal), Wait);
        Assert.DoesNotContain("No server here holds a port.", Section(page, "Ports"), StringComparison.Ordinal);

        Fleet.AllocationsFault = null;
        await Press(page, "Try again");
        page.WaitForAssertion(() => Assert.Contains("lobby", page.Find(".ports-table").TextContent, StringComparison.Ordinal), Wait);
        Assert.Empty(page.FindAll("section[aria-label='Ports'] [role=alert]"));
    }

    private static async Task AddPoolAsync(IRenderedComponent<HostPage> page, string first, string last)
    {
        await page.InvokeAsync(() => Field(page, "First port").ChangeAsync(first));
        await page.InvokeAsync(() => Field(page, "Last port").ChangeAsync(last));
        await Press(page, "Add pool");
    }

    private IRenderedComponent<HostPage> RenderHost() => Render<HostPage>(parameters => parameters.Add(one => one.Id, Eu1.Value));

    private static Task Press(IRenderedComponent<HostPage> page, string button)
        => page.InvokeAsync(() => page.FindAll("button").Single(one => one.TextContent.Trim() == button).ClickAsync());

    private static string Section(IRenderedComponent<HostPage> page, string name) => page.Find($"section[aria-label='{name}']").TextContent;

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<HostPage> page, string label)
        => page.Find($"#{page.FindAll("label").Single(one => one.TextContent == label).GetAttribute("for")}");
}

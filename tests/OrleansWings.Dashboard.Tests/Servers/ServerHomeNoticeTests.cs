using Bunit;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerHomeNoticeTests : DashboardContext
{
    [Fact]
    public void Render_HostIsThereAndRecordToo_SaysNothing()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Ready });
        Assert.Equal("", Open(Add("lobby")).Markup.Trim());
    }

    [Fact]
    public async Task Adopt_Unclaimed_AsksItsHost()
    {
        var server = Add("lobby");
        server.Change(snapshot => snapshot with { IsUnclaimed = true });
        var notice = Open(server);
        Assert.Contains("Nobody has a record of this server.", notice.Markup, StringComparison.Ordinal);

        await notice.InvokeAsync(() => notice.FindAll("button")[0].ClickAsync());

        Assert.Equal(["adopt eu-1"], server.Calls);
        notice.WaitForAssertion(() => Assert.Equal(["The server lobby is adopted: its host keeps it."], Said), Wait);
    }

    [Theory]
    [InlineData("Cancel", "")]
    [InlineData("Delete", "remove unclaimed eu-1")]
    public async Task Delete_Unclaimed_AsksFirst(string press, string calls)
    {
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var server = Add("lobby");
        server.Change(snapshot => snapshot with { IsUnclaimed = true });
        var notice = Open(server);

        await notice.InvokeAsync(() => notice.FindAll("button").Single(button => button.TextContent.Trim() == "Delete").ClickAsync());
        dialogs.WaitForAssertion(() => Assert.Contains("Its files stay in the trash for 7 days", dialogs.Markup, StringComparison.Ordinal), Wait);
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").Single(button => button.TextContent.Trim() == press).ClickAsync());

        notice.WaitForAssertion(() => Assert.Equal(calls, string.Join(", ", server.Calls)), Wait);
    }

    [Fact]
    public void Render_HostIsLostAndTheOnlyOne_OffersNothing()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Lost });
        var notice = Open(Add("lobby"));
        notice.WaitForAssertion(() => Assert.Contains("Host eu-1 is lost.", notice.Markup, StringComparison.Ordinal), Wait);
        Assert.Empty(notice.FindAll("button"));
    }

    [Theory]
    [InlineData("Cancel", "reassign eu-2 False")]
    [InlineData("Reassign", "reassign eu-2 False, reassign eu-2 True")]
    public async Task Reassign_HostIsLost_ShowsTheWarningAndDoesItOnlyWhenOneIsSure(string press, string calls)
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Lost });
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-2"), Status = HostStatus.Ready });
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-3"), Status = HostStatus.Silent });
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var server = Add("lobby");
        var notice = Open(server);
        notice.WaitForAssertion(() => Assert.Equal(["eu-2"], notice.FindAll("option").Select(option => option.TextContent)), Wait);

        await notice.InvokeAsync(() => notice.Find("button").ClickAsync());
        dialogs.WaitForAssertion(() => Assert.Contains("The files of lobby do not move", dialogs.Markup, StringComparison.Ordinal), Wait);
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").Single(button => button.TextContent.Trim() == press).ClickAsync());

        notice.WaitForAssertion(() => Assert.Equal(calls, string.Join(", ", server.Calls)), Wait);
    }

    private IRenderedComponent<ServerHomeNotice> Open(FakeServer server)
        => Render<ServerHomeNotice>(parameters => parameters.Add(p => p.Server, server.Snapshot));
}

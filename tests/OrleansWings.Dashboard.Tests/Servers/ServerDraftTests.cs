using Bunit;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerDraftTests : DashboardContext
{
    private const string Key = "wings.draft.server";

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var draft = Draft();
        Assert.Equivalent(draft, ServerDraft.Read(draft.Write()), strict: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"Id":"00000001-0000-0000-0000-000000000001","Form":{"Name":null}}""")]
    [InlineData("""{"Id":"00000001-0000-0000-0000-000000000001","Form":{"Ports":[null]}}""")]
    public void Read_WhatIsNoDraft_IsNone(string? text) => Assert.Null(ServerDraft.Read(text));

    [Fact]
    public void Write_WhatWouldEndTheCircuit_IsNotKept()
    {
        var draft = Draft();
        draft.Form.Startup = new string('x', 100_001);
        Assert.Null(draft.Write());
    }

    [Fact]
    public async Task Type_IsKeptInTheTab()
    {
        var page = Render<CreateServerPage>();
        await page.InvokeAsync(() => page.FindAll("input")[0].ChangeAsync("Lobby"));
        var kept = JSInterop.Invocations["orleansWings.drafts.save"][^1].Arguments;
        Assert.Equal(Key, kept[0]);
        Assert.Equal("Lobby", ServerDraft.Read((string?)kept[1])?.Form.Name);
    }

    [Fact]
    public void Render_TabHasADraft_IsThereAgainAndSaid()
    {
        JSInterop.Setup<string?>("orleansWings.drafts.read", Key).SetResult(Draft().Write());
        var page = Render<CreateServerPage>();
        page.WaitForAssertion(() => Assert.Equal("Arena", page.FindAll("input")[0].GetAttribute("value")), Wait);
        Assert.StartsWith("Restored what you typed before the page was reloaded.", page.Find(".banner.calm").TextContent, StringComparison.Ordinal);
        Assert.Contains("EULA", page.FindAll(".row.environment input").Select(input => input.GetAttribute("value")));
    }

    [Fact]
    public async Task Discard_FormIsNewAndTheTabForgets()
    {
        JSInterop.Setup<string?>("orleansWings.drafts.read", Key).SetResult(Draft().Write());
        var page = Render<CreateServerPage>();
        page.WaitForState(() => page.FindAll(".banner.calm").Count == 1, Wait);
        await page.InvokeAsync(() => page.Find(".banner.calm button").ClickAsync());
        Assert.Equal("", page.FindAll("input")[0].GetAttribute("value"));
        Assert.Empty(page.FindAll(".banner.calm"));
        Assert.Equal(Key, JSInterop.Invocations["orleansWings.drafts.clear"][^1].Arguments[0]);
    }

    [Fact]
    public async Task Send_Restored_IsTheServerOfBeforeAndTheTabForgets()
    {
        var draft = Draft();
        JSInterop.Setup<string?>("orleansWings.drafts.read", Key).SetResult(draft.Write());
        ServerId? asked = null;
        Fleet.OnCreate = (_, id) =>
        {
            asked = id;
            return Task.FromResult(ServerResult.Accepted("Arena is created."));
        };
        var page = Render<CreateServerPage>();
        page.WaitForState(() => page.FindAll(".banner.calm").Count == 1, Wait);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(draft.Id, asked);
        page.WaitForAssertion(() => Assert.NotEmpty(JSInterop.Invocations["orleansWings.drafts.clear"]), Wait);
    }

    [Fact]
    public void Send_Accepted_GoesOnlyWhenTheTabHasForgotten()
    {
        // A tab that loads the page again at once had the draft still, and made the same server again.
        JSInterop.Setup<string?>("orleansWings.drafts.read", Key).SetResult(Draft().Write());
        var clear = JSInterop.SetupVoid("orleansWings.drafts.clear", Key);
        var page = Render<CreateServerPage>();
        page.WaitForState(() => page.FindAll(".banner.calm").Count == 1, Wait);
        var here = Navigation.Uri;
        _ = page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Single(clear.Invocations), Wait);
        Assert.Single(Fleet.Servers);
        Assert.Equal(here, Navigation.Uri);
        clear.SetVoidResult();
        page.WaitForAssertion(() => Assert.EndsWith($"/servers/{Fleet.Servers.Single().Id}", Navigation.Uri, StringComparison.Ordinal), Wait);
    }

    [Fact]
    public async Task Send_IdIsAnotherServersFromADoubledTab_SentAgainIsAServerOfItsOwn()
    {
        var draft = Draft();
        JSInterop.Setup<string?>("orleansWings.drafts.read", Key).SetResult(draft.Write());
        var asked = new List<ServerId?>();
        Fleet.OnCreate = (_, id) =>
        {
            asked.Add(id);
            return Task.FromResult(id == draft.Id ? ServerResult.Refused(ServerRefusal.AlreadyExists, "It is another one.") : ServerResult.Accepted("Arena is created."));
        };
        var page = Render<CreateServerPage>();
        page.WaitForState(() => page.FindAll(".banner.calm").Count == 1, Wait);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Contains("It is another one. Send this one again", page.Find(".wrong-banner").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(2, asked.Distinct().Count());
    }

    private static ServerDraft Draft()
    {
        var form = ServerFormModel.New();
        (form.Name, form.Image, form.Startup) = ("Arena", "debian:12", "./run");
        form.Environment.Add(new VariableRow { Name = "EULA", Value = "true" });
        form.Ports.Add(new PortRow { Port = "30000" });
        return new ServerDraft(ServerId.New(), form);
    }
}

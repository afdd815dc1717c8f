using Bunit;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class CreateServerPageTests : DashboardContext
{
    [Fact]
    public async Task Render_Ports_SuggestsFreeOne()
    {
        Add("lobby", port: 25_565);
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        Assert.Equal("25566", Field(Render<CreateServerPage>(), "Port 1").GetAttribute("value"));
    }

    [Fact]
    public async Task Send_NothingTyped_SaysEachAtItsFieldAndCreatesNothing()
    {
        Fleet.OnCreate = (_, _) => throw new InvalidOperationException("Nothing may be created.");
        var page = Render<CreateServerPage>();
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("A server needs a name.", Note(page, "Name"));
        Assert.StartsWith("A server needs an image", Note(page, "Image"), StringComparison.Ordinal);
        Assert.Equal("true", Field(page, "Name").GetAttribute("aria-invalid"));
        Assert.Equal("Nothing is saved yet: some fields need another look.", page.Find("[role=alert]").TextContent);
        Assert.Single(page.FindAll(".fault-text"), note => note.TextContent == "A server needs a start-up command.");
        Assert.Equal(2, page.Markup.Split("A server needs a start-up command.").Length);
    }

    [Fact]
    public async Task Send_FaultWithoutAField_IsSaidAtTheEnd()
    {
        Fleet.OnCreate = (_, _) => Task.FromResult(ServerResult.Invalid([new SpecFault("Weather", "No rain here."), new SpecFault("Name", "Taken.")]));
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("No rain here.", page.Find("[role=alert]").TextContent);
        Assert.Equal("Taken.", Note(page, "Name"));
    }

    [Fact]
    public async Task Type_ValueThatCannotBe_SaidAtOnce()
    {
        var page = Render<CreateServerPage>();
        await page.InvokeAsync(() => Field(page, "Memory (MiB)").ChangeAsync("lots"));
        Assert.Equal("'lots' is not a whole number.", Note(page, "Memory (MiB)"));
        Assert.Equal("", Note(page, "Name"));
        await page.InvokeAsync(() => Field(page, "Memory (MiB)").ChangeAsync("512"));
        Assert.Equal("0 for no limit", Note(page, "Memory (MiB)"));
    }

    [Fact]
    public async Task Send_StartPriority_IsInTheSpecAndSaidWhereItCannotBe()
    {
        var page = await FilledAsync();
        await page.InvokeAsync(() => Field(page, "Start priority").ChangeAsync("500"));
        Assert.Equal("500 is not a start priority: -100 to 100, higher goes first.", Note(page, "Start priority"));
        Assert.True(page.Find("details").HasAttribute("open"));
        await page.InvokeAsync(() => Field(page, "Start priority").ChangeAsync("10"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(10, Assert.Single(Fleet.Servers).Spec.StartPriority);
    }

    [Fact]
    public async Task Send_Valid_CreatesAndGoesThere()
    {
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        var server = Assert.Single(Fleet.Servers);
        Assert.Equal("Lobby", server.Spec.Name);
        Assert.EndsWith($"/servers/{server.Id}", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(["Lobby is created."], Said);
    }

    [Fact]
    public async Task Send_Twice_AsksOnce()
    {
        var answer = new TaskCompletionSource<ServerResult>();
        var asked = 0;
        Fleet.OnCreate = (_, _) =>
        {
            asked++;
            return answer.Task;
        };
        var page = await FilledAsync();
        var first = page.Find("form").SubmitAsync();
        var second = page.Find("form").SubmitAsync();
        answer.SetResult(ServerResult.Refused(ServerRefusal.NoHost, "No host is there."));
        await Task.WhenAll(first, second);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Send_AgainAfterNoAnswer_IsTheSameServer()
    {
        List<ServerId> ids = [];
        Fleet.OnCreate = (_, id) =>
        {
            ids.Add(id);
            return Task.FromResult(ServerResult.Refused(ServerRefusal.OutcomeUnknown, "No answer came in time."));
        };
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(2, ids.Count);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Send_PortTaken_SaysWhoAtThePortAndKeepsWhatWasTyped()
    {
        Add("arena", port: 30_000);
        var page = await FilledAsync();
        await page.InvokeAsync(() => Field(page, "Port 1").ChangeAsync("30000"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("Port 0.0.0.0:30000 is held by arena.", Note(page, "Port 1"));
        Assert.Equal("Lobby", Field(page, "Name").GetAttribute("value"));
        await page.InvokeAsync(() => Field(page, "Port 1").ChangeAsync("30001"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(2, Fleet.Servers.Count());
    }

    [Fact]
    public async Task Send_AddressThatCannotBe_IsSaidAtTheAddress()
    {
        var page = await FilledAsync();
        await page.InvokeAsync(() => Field(page, "Address 1").ChangeAsync("256.1.1.1"));
        await page.InvokeAsync(() => Field(page, "Port 1").ChangeAsync("70000"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.StartsWith("'256.1.1.1' is not an IP address", Note(page, "Address 1"), StringComparison.Ordinal);
        Assert.Equal("true", Field(page, "Address 1").GetAttribute("aria-invalid"));
        Assert.Equal("70000 is not a port: 1 to 65535.", Note(page, "Port 1"));
        Assert.Equal("Nothing is saved yet: some fields need another look.", page.Find("[role=alert]").TextContent);
    }

    [Fact]
    public async Task Send_Surprise_KeepsWhatWasTyped()
    {
        Fleet.OnCreate = (_, _) => throw new InvalidOperationException("A surprise.");
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Contains("met a fault", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Lobby", Field(page, "Name").GetAttribute("value"));
    }

    [Fact]
    public async Task Send_FaultInFoldedPart_OpensIt()
    {
        var page = await FilledAsync();
        Assert.False(page.Find("details").HasAttribute("open"));
        await page.InvokeAsync(() => Field(page, "Cores").ChangeAsync("all of them"));
        Assert.True(page.Find("details").HasAttribute("open"));
    }

    [Fact]
    public async Task Rows_AddAndRemove_GoIntoTheSpec()
    {
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "Add variable").ClickAsync());
        await page.InvokeAsync(() => Field(page, "Variable").ChangeAsync("EULA"));
        await page.InvokeAsync(() => Field(page, "Value of EULA").ChangeAsync("true"));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "Add port").ClickAsync());
        await page.InvokeAsync(() => page.Find("button[aria-label='Remove port 1']").ClickAsync());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        var spec = Assert.Single(Fleet.Servers).Spec;
        Assert.Equal("true", spec.Environment["EULA"]);
        Assert.Equal(25_566, Assert.Single(spec.Ports).Port);
    }

    [Fact]
    public async Task StopKind_Command_SendsThatRule()
    {
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("#stop-kind").ChangeAsync("Command"));
        await page.InvokeAsync(() => Field(page, "Stop command").ChangeAsync("quit"));
        await page.InvokeAsync(() => Field(page, "Grace period (s)").ChangeAsync("30"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(new StopRule { Kind = StopKind.Command, Value = "quit", Grace = TimeSpan.FromSeconds(30) }, Assert.Single(Fleet.Servers).Spec.Stop);
    }

    private async Task<IRenderedComponent<CreateServerPage>> FilledAsync()
    {
        var page = Render<CreateServerPage>();
        await page.InvokeAsync(() => Field(page, "Name").ChangeAsync("Lobby"));
        await page.InvokeAsync(() => Field(page, "Image").ChangeAsync("debian:12"));
        await page.InvokeAsync(() => Field(page, "Start-up command").ChangeAsync("./run"));
        return page;
    }

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<CreateServerPage> page, string label)
        => page.Find($"#{page.FindAll("label").Single(one => one.TextContent == label).GetAttribute("for")}");

    private static string Note(IRenderedComponent<CreateServerPage> page, string label)
        => page.Find($"#{Field(page, label).Id}-note").TextContent;
}

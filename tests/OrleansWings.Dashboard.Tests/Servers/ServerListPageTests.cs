using Bunit;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerListPageTests : DashboardContext
{
    [Fact]
    public void Render_NoServers_OffersToCreateOne()
    {
        var page = Render<ServerListPage>();
        page.WaitForAssertion(() => Assert.Equal("No servers yet", page.Find("h1").TextContent), Wait);
        Assert.Equal("Create server", page.Find("a[href='/servers/new']").TextContent.Trim());
    }

    [Fact]
    public void Render_Servers_ByNameWithState()
    {
        Add("lobby 10", PowerState.Running);
        Add("lobby 2");
        var page = Render<ServerListPage>();
        page.WaitForAssertion(() => Assert.Equal(["lobby 2", "lobby 10"], Names(page)), Wait);
        Assert.Equal(["Offline", "Running"], page.FindAll("td .state").Select(state => state.TextContent.Trim()));
    }

    [Fact]
    public void Render_StateChanges_ShowsIt()
    {
        var server = Add("lobby");
        var page = Render<ServerListPage>();
        page.WaitForState(() => Names(page).Any(), Wait);
        server.Enter(PowerState.Running);
        page.WaitForAssertion(() => Assert.Equal("Running", page.Find("td .state").TextContent.Trim()), Wait);
    }

    [Fact]
    public void Render_HostSilent_StateNotShownAsFact()
    {
        var server = Add("lobby", PowerState.Running);
        server.Change(snapshot => snapshot with { IsReachable = false });
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Silent });
        var page = Render<ServerListPage>();
        page.WaitForAssertion(() => Assert.Contains("not confirmed, as of", page.Find("td.c-state").TextContent, StringComparison.Ordinal), Wait);
        Assert.Contains("is-unknown", page.Find("td .state").ClassName, StringComparison.Ordinal);
        Assert.Contains("Host eu-1 is silent.", page.Find(".banner").TextContent, StringComparison.Ordinal);
        Assert.All(page.FindAll("td.c-power button"), button => Assert.True(button.HasAttribute("disabled")));
    }

    [Fact]
    public async Task Search_NoneFits_SaysSoAndShowsAllAgain()
    {
        Add("lobby");
        var page = Render<ServerListPage>();
        page.WaitForState(() => Names(page).Any(), Wait);
        await page.InvokeAsync(() => page.Find("input[type=search]").InputAsync("arena"));
        Assert.Contains("No server fits.", page.Find(".nothing").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find(".nothing button").ClickAsync());
        page.WaitForAssertion(() => Assert.Equal(["lobby"], Names(page)), Wait);
    }

    [Fact]
    public async Task Press_Stop_AsksOnceAndSaysTheAnswer()
    {
        var server = Add("lobby", PowerState.Running);
        var answer = new TaskCompletionSource<ServerResult>();
        server.OnPower = _ => answer.Task;
        var page = Render<ServerListPage>();
        page.WaitForState(() => Names(page).Any(), Wait);
        var press = page.InvokeAsync(() => page.Find("button[aria-label='Stop lobby']").ClickAsync());
        page.WaitForAssertion(() => Assert.True(page.Find("button[aria-label='Stop lobby']").HasAttribute("disabled")), Wait);
        answer.SetResult(ServerResult.Refused(ServerRefusal.HostUnreachable, "Host eu-1 does not answer."));
        page.WaitForAssertion(() => Assert.Equal(["Host eu-1 does not answer."], Said), Wait);
        page.WaitForAssertion(() => Assert.False(page.Find("button[aria-label='Stop lobby']").HasAttribute("disabled")), Wait);
        await press;
        Assert.Equal(["Stop"], server.Calls);
        Assert.Equal("Running", page.Find("td .state").TextContent.Trim());
    }

    private static IEnumerable<string> Names(IRenderedComponent<ServerListPage> page)
        => page.FindAll("td.c-name a").Select(link => link.TextContent);
}

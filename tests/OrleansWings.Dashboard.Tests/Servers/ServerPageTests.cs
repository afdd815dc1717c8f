using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansWings.Dashboard.Consoles;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Hosting;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Dashboard.Usages;
using OrleansWings.Fleets;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerPageTests : DashboardContext
{
    public ServerPageTests()
    {
        ComponentFactories.AddStub<ServerConsole>();
        ComponentFactories.AddStub<ServerUsage>();
        Render<MudBlazor.MudPopoverProvider>();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00000099-0000-0000-0000-000000000000")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void Render_UnknownId_SaysSo(string id)
    {
        var page = Render<ServerPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForAssertion(() => Assert.Equal("There is no server with this id", page.Find("h1").TextContent), Wait);
    }

    [Theory]
    [InlineData(PowerState.Offline, "Start Restart Stop", "Start")]
    [InlineData(PowerState.Starting, "Start Restart Stop Kill", "Restart Stop Kill")]
    [InlineData(PowerState.Running, "Start Restart Stop Kill", "Restart Stop Kill")]
    [InlineData(PowerState.Stopping, "Start Restart Kill", "Kill")]
    public void Render_EachState_HasFittingButtons(PowerState state, string all, string enabled)
    {
        var page = Open(Add("lobby", state));
        Assert.Equal(all, string.Join(' ', page.FindAll(".power button").Select(button => button.TextContent.Trim())));
        Assert.Equal(enabled, string.Join(' ', page.FindAll(".power button:not([disabled])").Select(button => button.TextContent.Trim())));
    }

    [Fact]
    public void Render_Pulling_ShowsProgressAndEachLayer()
    {
        var server = Add("lobby", PowerState.Starting);
        server.Change(snapshot => snapshot with
        {
            Activity = "Pulling image: 40 %",
            Progress = 0.4,
            PullLayers = [new PullLayer("245b1e6b08da", "Downloading", 3 << 20, 8 << 20), new PullLayer("9c27e219663c", "Pull complete", 0, 0)],
        });
        var page = Open(server);
        page.WaitForAssertion(() => Assert.Contains("Pulling image: 40 %", page.Find(".activity").TextContent, StringComparison.Ordinal), Wait);
        Assert.Equal("0.4", page.Find("progress").GetAttribute("value"));
        Assert.Equal(["245b1e6b08da Downloading: 3.0 MiB of 8.0 MiB", "9c27e219663c Pull complete"], page.FindAll(".pull-layers li").Select(layer => layer.TextContent.Trim()));
    }

    [Theory]
    [InlineData(null, "localhost:25565")]
    [InlineData("10.213.7.2", "10.213.7.2:25565")]
    public async Task Render_Ports_SaysWherePlayersConnectAndCopiesIt(string? publicAddress, string address)
    {
        Services.GetRequiredService<IOptions<DashboardOptions>>().Value.PublicAddress = publicAddress;
        JSInterop.Setup<bool>("orleansWings.copy", address).SetResult(true);
        var page = Open(Add("lobby"));
        Assert.All(page.FindAll("button.copy"), button => Assert.Equal(address, button.TextContent.Trim()));
        _ = page.InvokeAsync(() => page.Find(".details button.copy").ClickAsync());
        await page.WaitForAssertionAsync(() => Assert.Contains("Copied", page.FindAll(".details [role=status]").Select(status => status.TextContent)), Wait);
    }

    [Fact]
    public void Render_Problem_SaysItAsAlert()
    {
        var server = Add("lobby");
        server.Change(snapshot => snapshot with { Problem = new ServerProblem("The image does not exist.", TimeProvider.System.GetUtcNow()) });
        Assert.Contains("The image does not exist.", Open(server).Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HostUnreachable_SaysAsOfAndWhyOnlyKillCanBePressed()
    {
        var server = Add("lobby", PowerState.Running);
        server.Change(snapshot => snapshot with { IsReachable = false });
        var page = Open(server);
        page.WaitForAssertion(() => Assert.Contains("not confirmed, as of", page.Find(".banner").TextContent, StringComparison.Ordinal), Wait);
        Assert.All(page.FindAll(".power button[disabled]"), button => Assert.Equal("Host eu-1 or its engine does not answer.", button.GetAttribute("title")));
        Assert.Equal("Kill", Assert.Single(page.FindAll(".power button:not([disabled])")).TextContent.Trim());
    }

    [Fact]
    public async Task Press_Start_SaysAnswerAndFollowsTheState()
    {
        var server = Add("lobby");
        var page = Open(server);
        await page.InvokeAsync(() => page.FindAll(".power button")[0].ClickAsync());
        page.WaitForAssertion(() => Assert.Equal("Starting", page.Find(".page-head .state").TextContent.Trim()), Wait);
        Assert.Equal(["lobby: start is on its way."], Said);
    }

    [Fact]
    public async Task Press_StartThenKillBeforeTheAnswer_KillPasses()
    {
        var server = Add("lobby", PowerState.Starting);
        var never = new TaskCompletionSource<ServerResult>();
        server.OnPower = action => action == PowerAction.Kill ? Task.FromResult(ServerResult.Accepted("Killed.")) : never.Task;
        var page = Open(server);
        _ = page.InvokeAsync(() => page.FindAll(".power button").Single(button => button.TextContent.Trim() == "Stop").ClickAsync());
        await page.InvokeAsync(() => page.FindAll(".power button").Single(button => button.TextContent.Trim() == "Kill").ClickAsync());
        page.WaitForAssertion(() => Assert.Equal(["Stop", "Kill"], server.Calls), Wait);
        page.WaitForAssertion(() => Assert.Equal(["Killed."], Said), Wait);
    }

    [Fact]
    public async Task Press_ActionThatThrows_PageStands()
    {
        var server = Add("lobby");
        server.OnPower = _ => throw new InvalidOperationException("A surprise.");
        var page = Open(server);
        await page.InvokeAsync(() => page.FindAll(".power button")[0].ClickAsync());
        page.WaitForAssertion(() => Assert.Contains("met a fault", Assert.Single(Said), StringComparison.Ordinal), Wait);
        Assert.Equal("lobby", page.Find("h1").TextContent);
    }

    [Fact]
    public async Task Open_SomebodyElseDeletesTheServer_SaysSoAndFollowsItsEnd()
    {
        var server = Add("lobby", PowerState.Running);
        var page = await OpenListedAsync(server);

        await server.DeleteAsync();

        page.WaitForAssertion(() => Assert.Contains("This server is deleted.", page.Find(".banner").TextContent, StringComparison.Ordinal), Wait);
        page.WaitForAssertion(() => Assert.Equal("Offline", page.Find(".page-head .state").TextContent.Trim()), Wait);
        Assert.All(page.FindAll(".power button"), button => Assert.True(button.HasAttribute("disabled")));

        await server.RestoreAsync();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".banner")), Wait);
    }

    [Fact]
    public async Task Open_ServerIsPurged_SaysThatThereIsNone()
    {
        var server = Add("lobby", PowerState.Running);
        var page = await OpenListedAsync(server);

        Fleet.Remove(server);

        page.WaitForAssertion(() => Assert.Equal("There is no server with this id", page.Find("h1").TextContent), Wait);
    }

    [Fact]
    public async Task Open_ServerLeavesTheListAndCannotBeRead_ShowsNothingOldAsConfirmed()
    {
        var server = Add("lobby", PowerState.Running);
        var page = await OpenListedAsync(server);

        server.Fault = new TimeoutException();
        Fleet.Publish(new FleetUpdate { Removed = [server.Id] });
        page.WaitForAssertion(() => Assert.Equal("This server cannot be read at the moment", page.Find("h1").TextContent), Wait);

        server.Fault = null;
        server.Enter(PowerState.Stopping);
        page.WaitForAssertion(() => Assert.Equal("Stopping", page.Find(".page-head .state").TextContent.Trim()), Wait);
    }

    [Fact]
    public void Render_Details_ShowTheSpec()
    {
        var page = Open(Add("lobby"));
        page.WaitForAssertion(() => Assert.Contains("debian:12", page.Find(".details").TextContent, StringComparison.Ordinal), Wait);
    }

    private async Task<IRenderedComponent<ServerPage>> OpenListedAsync(FakeServer server)
    {
        await View.UntilAsync(picture => picture.Find(server.Id) is { Snapshot: var seen } && seen.Revision == server.Snapshot.Revision);
        return Open(server);
    }

    private IRenderedComponent<ServerPage> Open(FakeServer server)
    {
        var page = Render<ServerPage>(parameters => parameters.Add(p => p.Id, server.Id.ToString()));
        page.WaitForState(() => page.FindAll("h1").Count == 1, Wait);
        return page;
    }
}

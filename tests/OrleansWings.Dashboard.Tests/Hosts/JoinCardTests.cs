using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansWings.Dashboard.Hosting;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Fleets;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class JoinCardTests : DashboardContext
{
    [Fact]
    public void Render_OneMachineAlone_SaysHowItBecomesAFleet()
    {
        var card = Render<JoinCard>();

        Assert.Contains("This machine runs alone", card.Markup, StringComparison.Ordinal);
        Assert.Equal("orleans-wings move-state", card.Find("pre").TextContent);
        Assert.Empty(card.FindAll("input"));
    }

    [Fact]
    public async Task Render_Fleet_FillsTheCommandsWithTheTypedName()
    {
        Entrance(new FleetEntrance("rediss://10.0.0.2:6379", HasPassword: true, HasCertificates: true, Cluster: null, IsLocal: false));
        var card = Render<JoinCard>();
        Assert.Contains("WINGS_HOST=host-1 ", card.FindAll("pre")[1].TextContent, StringComparison.Ordinal);

        await card.InvokeAsync(() => card.Find("input").ChangeAsync(" eu-2 "));
        Assert.Equal("orleans-wings certificates host eu-2 --ca ca --out eu-2", card.FindAll("pre")[0].TextContent);
        Assert.Contains("WINGS_HOST=eu-2 ", card.FindAll("pre")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(card.FindAll(".banner"));

        await card.InvokeAsync(() => card.Find("input").ChangeAsync("eu-1"));
        Assert.Empty(card.FindAll("pre"));
        Assert.Contains("A host named eu-1 is in this fleet.", card.Find(".fault-text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_StoreThatOnlyThisMachineReaches_SaysSo()
    {
        Entrance(new FleetEntrance("redis://127.0.0.1:6379", HasPassword: true, HasCertificates: true, Cluster: null, IsLocal: true));

        Assert.Contains("is an address that only this machine reaches", Render<JoinCard>().Find(".banner").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoHostYet_IsOpen()
    {
        Assert.Null(Render<JoinCard>().Find("details").GetAttribute("open"));
        Fleet.Publish(new FleetUpdate { IsSnapshot = true });

        var page = Render<HostListPage>();

        page.WaitForAssertion(() => Assert.NotNull(page.Find("details").GetAttribute("open")), Wait);
        Assert.Contains("No host has joined yet", page.Markup, StringComparison.Ordinal);
    }

    private void Entrance(FleetEntrance entrance) => Services.GetRequiredService<IOptions<DashboardOptions>>().Value.Entrance = entrance;
}

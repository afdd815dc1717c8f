using Bunit;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

/// <summary>Where a new server goes: asked only where there is something to choose.</summary>
public sealed class PlacementFieldsTests : DashboardContext
{
    private static readonly HostSettings s_pools = new() { Pools = [new() { Address = "0.0.0.0", FirstPort = 1000, LastPort = 1009 }] };

    [Fact]
    public void OneHostAndNoPools_NothingIsAsked()
    {
        var page = Render<CreateServerPage>();

        Assert.Empty(page.FindAll("section[aria-label='Where it runs']"));
        Assert.Contains(page.FindAll("label"), label => label.TextContent == "Port 1");
    }

    [Fact]
    public async Task SeveralHosts_AutomaticIsTheDefaultAndOthersAreRemarked()
    {
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-2"), Status = HostStatus.Ready, Settings = new HostSettings { Maintenance = new HostMaintenance("", default) } });
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-3"), Status = HostStatus.Silent });
        await View.UntilAsync(picture => picture.Hosts.Length == 3);
        var page = await FilledAsync();
        await page.InvokeAsync(() => Field(page, "Required labels").ChangeAsync("region=eu"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var spec = Assert.Single(Fleet.Servers).Spec;
        Assert.Equal(["Automatic", "eu-1", "eu-2 (in maintenance)", "eu-3 (silent)"], page.FindAll("#host option").Select(option => option.TextContent));
        Assert.Null(spec.Host);
        Assert.Equal("eu", spec.HostLabels["region"]);
    }

    [Fact]
    public async Task SeveralHosts_PackCanBeChosenUntilOneIsNamed()
    {
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-2"), Status = HostStatus.Ready });
        await View.UntilAsync(picture => picture.Hosts.Length == 2);
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("#placement").ChangeAsync("Pack"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(ServerPlacement.Pack, Assert.Single(Fleet.Servers).Spec.Placement);

        await page.InvokeAsync(() => page.Find("#host").ChangeAsync("eu-2"));
        Assert.Empty(page.FindAll("#placement"));
    }

    [Fact]
    public async Task Images_OfTheChosenHostOrOfAll_AreSuggested()
    {
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-2"), Status = HostStatus.Ready });
        await View.UntilAsync(picture => picture.Hosts.Length == 2);
        Fleet.Images[Eu1] = ["game:1", "game:2"];
        Fleet.Images[new HostId("eu-2")] = ["game:2", "other:1"];
        var page = Render<CreateServerPage>();

        page.WaitForAssertion(() => Assert.Equal(["game:1", "game:2", "other:1"], Suggested(page)));
        await page.InvokeAsync(() => page.Find("#host").ChangeAsync("eu-2"));
        page.WaitForAssertion(() => Assert.Equal(["game:2", "other:1"], Suggested(page)));
        Assert.Equal(page.Find("datalist").Id, Field(page, "Image").GetAttribute("list"));
    }

    [Fact]
    public void Images_NoneAreKnown_TheFieldSuggestsNothing()
        => Assert.False(Field(Render<CreateServerPage>(), "Image").HasAttribute("list"));

    [Fact]
    public async Task NoHostCan_TheReasonsAreSaidAtTheHost()
    {
        Fleet.Add(new HostSnapshot { Id = new HostId("eu-2") });
        await View.UntilAsync(picture => picture.Hosts.Length == 2);
        const string Reasons = "No host can take the server. eu-1: silent since 2026-05-01 10:30 UTC. eu-2: no free port in its pools.";
        Fleet.OnCreate = (_, _) => Task.FromResult(ServerResult.Refused(ServerRefusal.NoHost, Reasons) with { Faults = [new SpecFault("Host", Reasons)] });
        var page = await FilledAsync();
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Equal(Reasons, page.Find("#host-note").TextContent);
        await page.InvokeAsync(() => Field(page, "Required labels").ChangeAsync("region"));
        Assert.Equal("'region' is not a label: write it as name=value.", page.Find($"#{Field(page, "Required labels").Id}-note").TextContent);
    }

    [Fact]
    public async Task Pools_APortIsGivenInsteadOfNamed()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Settings = s_pools });
        await View.UntilAsync(picture => picture.Hosts is [{ Settings: not null }]);
        var page = await FilledAsync();
        await page.InvokeAsync(() => Field(page, "Ports in all").ChangeAsync("3"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var spec = Assert.Single(Fleet.Servers).Spec;
        Assert.Equal((3, 0), (spec.PortCount, spec.Ports.Length));
        Assert.Empty(page.FindAll("#host"));
    }

    [Fact]
    public async Task Edit_OfASpecWithWishes_KeepsThem()
    {
        var spec = new ServerSpec
        {
            Name = "lobby",
            Image = "debian:12",
            Startup = "./run",
            Ports = [new("0.0.0.0", 1000)],
            PortCount = 1,
            Placement = ServerPlacement.Pack,
        };
        spec = spec with { HostLabels = spec.HostLabels.Add("region", "eu") };
        var server = Fleet.Add(spec, Eu1);
        var page = Render<EditServerPage>(parameters => parameters.Add(one => one.Id, server.Id.ToString()));
        page.WaitForAssertion(() => page.Find("form"), Wait);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Equal((1, ServerPlacement.Pack, "eu"), (server.Spec.PortCount, server.Spec.Placement, server.Spec.HostLabels["region"]));
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

    private static IEnumerable<string?> Suggested(IRenderedComponent<CreateServerPage> page) => page.FindAll("datalist option").Select(option => option.GetAttribute("value"));
}

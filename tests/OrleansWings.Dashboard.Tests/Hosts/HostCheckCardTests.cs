using Bunit;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class HostCheckCardTests : DashboardContext
{
    private static readonly HostFinding s_orphan = new() { Kind = HostFindingKind.OrphanedContainer, Text = "Container x is of a server that this host does not know.", Container = "1a2b" };
    private static readonly HostFinding s_network = new() { Kind = HostFindingKind.MissingNetwork, Text = "The servers' network is gone." };

    private readonly FakeHost _host;

    public HostCheckCardTests()
    {
        _host = (FakeHost)Fleet.GetHost(Eu1);
        _host.OnCheck = _ => new HostCheck([s_orphan, s_network]);
    }

    [Fact]
    public async Task Look_OrphanFound_OffersAdoptAndRemoveAtIt_AndNowhereElse()
    {
        var card = await LookAsync();

        Assert.Equal(["Adopt", "Remove"], card.FindAll("li")[0].QuerySelectorAll("button").Select(button => button.TextContent.Trim()));
        Assert.Empty(card.FindAll("li")[1].QuerySelectorAll("button"));
    }

    [Fact]
    public async Task Adopt_IsAsked_AndItsLineGoes_ThoughTheHostHearsOfItLater()
    {
        var card = await LookAsync();
        await PressAsync(card, "Adopt");

        Assert.Equal(["adopt 1a2b"], _host.Orphans);
        Assert.Equal(["The server is adopted."], Said);
        Assert.Equal(s_network.Text, Assert.Single(card.FindAll("li")).TextContent.Trim());
    }

    [Fact]
    public async Task Remove_AsksFirst_AndKeepingItDoesNothing()
    {
        var card = await LookAsync();
        await PressAsync(card, "Remove");
        Assert.Contains("The game in it ends. Its files stay on the host.", card.Markup, StringComparison.Ordinal);
        await PressAsync(card, "Keep");
        Assert.Empty(_host.Orphans);

        await PressAsync(card, "Remove");
        await PressAsync(card, "Remove for good");
        Assert.Equal(["remove 1a2b"], _host.Orphans);
    }

    [Fact]
    public async Task Repair_ThatFails_LeavesWhatWasFound_AndCanBeAskedAgain()
    {
        var card = await LookAsync();
        _host.OnCheck = isDryRun => isDryRun ? new HostCheck([s_network]) : throw new InvalidOperationException("The store is away.");
        await PressAsync(card, "Repair");
        Assert.Equal(2, card.FindAll("li").Count);

        _host.OnCheck = isDryRun => new HostCheck([s_network with { Outcome = isDryRun ? "" : "It was made again." }]);
        await PressAsync(card, "Repair");
        Assert.Equal($"{s_network.Text} It was made again.", Assert.Single(card.FindAll("li")).TextContent.Trim());
        Assert.DoesNotContain(card.FindAll("button"), button => button.TextContent.Trim() == "Repair");
    }

    private async Task<IRenderedComponent<HostCheckCard>> LookAsync()
    {
        var card = Render<HostCheckCard>(parameters => parameters.Add(one => one.Host, new HostSnapshot { Id = Eu1, Status = HostStatus.Ready }));
        await PressAsync(card, "Look now");
        card.WaitForAssertion(() => Assert.NotEmpty(card.FindAll("li")), Wait);
        return card;
    }

    private static Task PressAsync(IRenderedComponent<HostCheckCard> card, string text)
        => card.InvokeAsync(() => card.FindAll("button").Single(button => button.TextContent.Trim() == text).ClickAsync());
}

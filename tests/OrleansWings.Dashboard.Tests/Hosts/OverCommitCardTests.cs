using Bunit;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class OverCommitCardTests : DashboardContext
{
    [Fact]
    public async Task Save_NumbersAndWordsThatCannotBe_SaysAllAtOnce()
    {
        var card = Render<OverCommitCard>(parameters => parameters.Add(c => c.Host, new HostSnapshot { Id = Eu1 }));
        foreach (var (i, typed) in new[] { "0", "1,5", "x" }.Index())
            await card.InvokeAsync(() => card.FindAll("input")[i].ChangeAsync(typed));
        await card.InvokeAsync(() => card.Find("button").ClickAsync());
        Assert.Equal(
            ["0 is not a factor: 0.1 to 20.", "'1,5' is not a factor: 0.1 to 20.", "'x' is not a factor: 0.1 to 20."],
            card.FindAll(".fault-text").Select(fault => fault.TextContent));
    }
}

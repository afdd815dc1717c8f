using Bunit;
using OrleansWings.Dashboard.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class TrashPageTests : DashboardContext
{
    [Fact]
    public void Render_NothingDeleted_SaysSo()
        => Assert.Contains("Nothing was deleted", Render<TrashPage>().Find(".nothing").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task Press_Restore_BringsItBack()
    {
        var server = Add("lobby");
        await server.DeleteAsync();
        var page = Render<TrashPage>();
        Assert.Contains("in 6 d 23 h", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("button[aria-label='Restore lobby']").ClickAsync());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("tbody tr")), Wait);
        Assert.Null(server.DeletedAt);
        Assert.Equal(["lobby is back, offline, with its files."], Said);
    }

    [Fact]
    public async Task Press_RestoreWithoutAnAnswer_SaysSoAndCanBePressedAgain()
    {
        var server = Add("lobby");
        await server.DeleteAsync();
        server.Fault = new TimeoutException();
        var page = Render<TrashPage>();
        await page.InvokeAsync(() => page.Find("button[aria-label='Restore lobby']").ClickAsync());
        Assert.StartsWith("The program met a fault", Assert.Single(Said), StringComparison.Ordinal);
        Assert.False(page.Find("button[aria-label='Restore lobby']").HasAttribute("disabled"));
    }
}

using Bunit;
using OrleansWings.Dashboard.Servers;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class ServerDetailsTests : DashboardContext
{
    [Fact]
    public async Task Render_SpecCannotBeRead_SaysSoAndTriesAgain()
    {
        var server = Add("lobby");
        server.Fault = new TimeoutException();
        var details = Render<ServerDetails>(parameters => parameters.Add(p => p.Server, server.Snapshot));
        Assert.StartsWith("The settings cannot be read at the moment.", details.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains(server.Id.ToString(), details.Markup, StringComparison.Ordinal);

        server.Fault = null;
        await details.InvokeAsync(() => details.Find("[role=alert] button").ClickAsync());

        Assert.Empty(details.FindAll("[role=alert]"));
        Assert.Contains("debian:12", details.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_LastExit_HasItsCode()
    {
        var server = Add("lobby");
        server.Change(snapshot => snapshot with { LastExit = new ServerExit(137, false, TimeProvider.System.GetUtcNow(), true) });
        var details = Render<ServerDetails>(parameters => parameters.Add(p => p.Server, server.Snapshot));
        Assert.Contains("The process was killed (exit code 137).", details.Markup, StringComparison.Ordinal);
    }
}

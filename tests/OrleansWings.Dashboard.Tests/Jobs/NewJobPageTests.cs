using Bunit;
using OrleansWings.Dashboard.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Jobs;

public sealed class NewJobPageTests : DashboardContext
{
    [Fact]
    public async Task Render_ByTheListsFilter_ShowsTheSameServers_AndMakesTheJob()
    {
        Add("alpha", PowerState.Running);
        Add("alpine", PowerState.Running);
        Add("beta", PowerState.Running);
        await View.UntilAsync(picture => picture.Servers.Length == 3);
        Navigation.NavigateTo("/jobs/new?text=alp&state=Running&action=Stop");
        var page = Render<NewJobPage>();
        Assert.Equal("2 servers: alpha, alpine.", page.Find(".job-preview").TextContent);
        Assert.Equal("Stop 2 servers", page.Find("button[type=submit]").TextContent.Trim());

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var job = (await Fleet.Jobs.Single().GetSnapshotAsync())!;
        Assert.Equal((PowerAction.Stop, "alp", PowerState.Running), (job.Request.Action, job.Request.Selection.Text, job.Request.Selection.State));
        Assert.EndsWith($"/jobs/{job.Id}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NothingSelected_IsSaidAtTheField_AndMakesNone()
    {
        Add("alpha", PowerState.Running);
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        var page = Render<NewJobPage>();
        Assert.Equal("Choose which servers.", page.Find(".job-preview").TextContent);
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Contains(page.FindAll(".fault-text"), fault => fault.TextContent.StartsWith("Nothing is selected", StringComparison.Ordinal));
        Assert.Empty(Fleet.Jobs);
    }

    [Fact]
    public async Task Render_ByAnAddressThatCannotBeRead_SelectsNobody()
    {
        Add("alpha", PowerState.Running);
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        Navigation.NavigateTo("/jobs/new?action=Kill&all=true&host=no%20host!");
        var page = Render<NewJobPage>();
        Assert.Equal("Choose which servers.", page.Find(".job-preview").TextContent);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("'no host!' is not a host's name.", page.Find("#job-host-note").TextContent);
        Assert.Empty(Fleet.Jobs);
    }

    [Fact]
    public async Task Render_EveryServer_SaysHowMany()
    {
        for (var i = 0; i < 9; i++)
            Add($"game {i}", PowerState.Running);
        await View.UntilAsync(picture => picture.Servers.Length == 9);
        Navigation.NavigateTo("/jobs/new?all=true");
        var page = Render<NewJobPage>();
        Assert.Equal("9 servers: game 0, game 1, game 2, game 3, game 4, game 5 and 3 more.", page.Find(".job-preview").TextContent);
        Assert.Equal("Restart 9 servers", page.Find("button[type=submit]").TextContent.Trim());
    }
}

using Bunit;
using Microsoft.AspNetCore.Components;
using OrleansWings.Dashboard.Jobs;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Jobs;

public sealed class JobListPageTests : DashboardContext
{
    public JobListPageTests() => SetRendererInfo(new RendererInfo("Server", isInteractive: true));

    [Fact]
    public void Render_Nothing_SaysWhatAJobIs() => Assert.Equal("No jobs yet", Render<JobListPage>().Find("h1").TextContent);

    [Fact]
    public async Task Render_Jobs_FollowsThem()
    {
        Add("alpha", PowerState.Running);
        await Fleet.CreateJobAsync(new JobRequest { Action = PowerAction.Stop, Selection = new ServerSelection { IsEveryServer = true }, Title = "Evening", By = "eve" });
        var page = Render<JobListPage>();
        var row = page.Find("tbody tr").TextContent;
        Assert.Contains("Evening", row, StringComparison.Ordinal);
        Assert.Contains("by eve", row, StringComparison.Ordinal);
        Assert.Contains("0 of 1 done", row, StringComparison.Ordinal);

        Fleet.Jobs.Single().Enter("alpha", JobStepState.Failed, "No.");

        page.WaitForAssertion(() => Assert.Contains("Done, with failures", page.Find("tbody tr").TextContent, StringComparison.Ordinal), Wait);
        Assert.Contains("0 of 1 done, 1 failed", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }
}

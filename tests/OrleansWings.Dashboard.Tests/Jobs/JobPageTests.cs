using Bunit;
using Microsoft.AspNetCore.Components;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Jobs;
using OrleansWings.Jobs;
using OrleansWings.Servers;

namespace OrleansWings.Dashboard.Tests.Jobs;

public sealed class JobPageTests : DashboardContext
{
    public JobPageTests() => SetRendererInfo(new RendererInfo("Server", isInteractive: true));

    [Fact]
    public async Task Render_UnderWay_SaysHowEachServerGoes_AndFollows()
    {
        var job = await MakeAsync("alpha", "beta", "gamma");
        job.Enter("alpha", JobStepState.Failed, "The image game:2 does not exist.");
        job.Enter("beta", JobStepState.UnderWay);
        var page = Render<JobPage>(with => with.Add(page => page.Id, job.Id.ToString()));

        Assert.Equal("Restart 3 servers", page.Find("h1").TextContent);
        Assert.Contains("0 of 3 done, 1 failed", page.Find("section.card").TextContent, StringComparison.Ordinal);
        Assert.Contains("5 at once, 2 of one host; each at most 15 min; and has to stay running for 5 s; stops after 3 failures.", page.FindAll("section.card .hint")[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["alpha", "beta", "gamma"], page.FindAll("tbody td.c-name a").Select(link => link.TextContent));
        Assert.Contains("The image game:2 does not exist.", page.Find("tbody tr").TextContent, StringComparison.Ordinal);

        job.Enter("beta", JobStepState.Done, "It is running.");
        page.WaitForAssertion(() => Assert.Contains("1 of 3 done, 1 failed", page.Find("section.card").TextContent, StringComparison.Ordinal), Wait);

        await page.InvokeAsync(() => page.FindAll(".chip").Single(chip => chip.TextContent.StartsWith("Failed", StringComparison.Ordinal)).ClickAsync());
        Assert.Equal(["alpha"], page.FindAll("tbody td.c-name a").Select(link => link.TextContent));
    }

    [Fact]
    public async Task Press_Cancel_ThenTryAgain_LeadsToTheNewJob()
    {
        var job = await MakeAsync("alpha", "beta");
        job.Enter("alpha", JobStepState.Failed, "No.");
        var page = Render<JobPage>(with => with.Add(page => page.Id, job.Id.ToString()));
        await page.InvokeAsync(() => Button(page, "Cancel job").ClickAsync());
        page.WaitForAssertion(() => Assert.Contains("The job was cancelled", page.Find(".banner").TextContent, StringComparison.Ordinal), Wait);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() == "Cancel job");

        await page.InvokeAsync(() => Button(page, "Try 2 again").ClickAsync());

        Assert.Equal(2, Fleet.Jobs.Count);
        Assert.EndsWith($"/jobs/{Fleet.Jobs[0].Id}", Navigation.Uri, StringComparison.Ordinal);
        // The page stays and shows the next job, which is tried again by a third one.
        Fleet.Jobs[0].Enter("alpha", JobStepState.Failed, "No.");
        Fleet.Jobs[0].Enter("beta", JobStepState.Done);
        page.Render(with => with.Add(page => page.Id, Fleet.Jobs[0].Id.ToString()));
        await page.InvokeAsync(() => Button(page, "Try 1 again").ClickAsync());
        Assert.Equal(3, Fleet.Jobs.Count);
    }

    [Fact]
    public async Task Press_UndoOfADrainedHost_IsThereOnceTheJobIsOver()
    {
        Add("alpha", PowerState.Running);
        await View.UntilAsync(picture => picture.Servers.Length == 1);
        var made = await Fleet.GetHost(Eu1).DrainAsync("new disk");
        var job = Fleet.Jobs.Single();
        var page = Render<JobPage>(with => with.Add(page => page.Id, made.Job!.Value.ToString()));
        Assert.Equal("Drain eu-1", page.Find("h1").TextContent);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("End maintenance", StringComparison.Ordinal));

        job.Enter("alpha", JobStepState.Done, "It is offline.");

        page.WaitForAssertion(() => Assert.NotNull(Button(page, "End maintenance, start 1 again")), Wait);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0193d0a0-0000-7000-8000-000000000001")]
    public void Render_NoSuchJob_SaysSo(string id)
        => Assert.Equal("No such job", Render<JobPage>(with => with.Add(page => page.Id, id)).Find("h1").TextContent);

    [Fact]
    public async Task Render_CannotBeRead_KeepsWhatItHas_AndSaysSo()
    {
        var job = await MakeAsync("alpha");
        var page = Render<JobPage>(with => with.Add(page => page.Id, job.Id.ToString()));
        job.Fault = new TimeoutException();
        page.WaitForAssertion(() => Assert.Contains("cannot be read at the moment", page.Find(".banner").TextContent, StringComparison.Ordinal), Wait);
        Assert.Equal("Restart 1 server", page.Find("h1").TextContent);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<JobPage> page, string text) => page.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private async Task<FakeJob> MakeAsync(params string[] names)
    {
        foreach (var name in names)
            Add(name, PowerState.Running);
        await Fleet.CreateJobAsync(new JobRequest { Action = PowerAction.Restart, Selection = new ServerSelection { IsEveryServer = true } });
        return Fleet.Jobs.Single();
    }
}

using Bunit;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Dashboard.Servers;

namespace OrleansWings.Dashboard.Tests.Servers;

/// <summary>Two people have the settings of one server open.</summary>
public sealed class EditServerPageTests : DashboardContext
{
    [Fact]
    public async Task Save_NobodyElseDid_IsSavedAndGoesToTheServer()
    {
        var server = Add("lobby");
        var page = Open(server);
        await page.InvokeAsync(() => Field(page, "Name").ChangeAsync("mine"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("mine", server.Spec.Name);
        Assert.EndsWith($"/servers/{server.Id}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_SomebodyElseDid_IsToldAndKeepsWhatWasTyped()
    {
        var server = Add("lobby");
        var page = await ConflictAsync(server);
        Assert.Equal("Somebody changed this server meanwhile: you edited version 1, it is version 2 now.", page.Find("[role=alert]").TextContent);
        Assert.Equal("mine", Field(page, "Name").GetAttribute("value"));
        Assert.Equal("theirs", server.Spec.Name);
    }

    [Fact]
    public async Task SaveAgain_AfterBeingTold_SavesOverTheVersionItNames()
    {
        var server = Add("lobby");
        var page = await ConflictAsync(server);
        Assert.Equal("Save over version 2", page.Find("button[type=submit]").TextContent.Trim());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("mine", server.Spec.Name);
        Assert.EndsWith($"/servers/{server.Id}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaveAgain_ChangedOnceMore_IsToldOnceMore()
    {
        var server = Add("lobby");
        var page = await ConflictAsync(server);
        await server.UpdateAsync(server.Spec with { Name = "theirs again" });
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("theirs again", server.Spec.Name);
        Assert.Contains("it is version 3 now", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Save over version 3", page.Find("button[type=submit]").TextContent.Trim());
    }

    [Fact]
    public async Task Load_AfterBeingTold_ShowsTheirsAndSavesFromThere()
    {
        var server = Add("lobby");
        var page = await ConflictAsync(server);
        await page.InvokeAsync(() => Button(page, "Discard mine and load version 2").ClickAsync());
        Assert.Equal("theirs", Field(page, "Name").GetAttribute("value"));
        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.Equal("Save", page.Find("button[type=submit]").TextContent.Trim());
        await page.InvokeAsync(() => Field(page, "Name").ChangeAsync("both"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal("both", server.Spec.Name);
    }

    [Fact]
    public async Task Load_CannotBeRead_KeepsWhatWasTyped()
    {
        var server = Add("lobby");
        var page = await ConflictAsync(server);
        server.Fault = new InvalidOperationException("Away.");
        await page.InvokeAsync(() => Button(page, "Discard mine and load version 2").ClickAsync());
        Assert.Equal("mine", Field(page, "Name").GetAttribute("value"));
        Assert.Contains(Said, said => said!.Contains("met a fault", StringComparison.Ordinal));
    }

    // Theirs is stored while ours is typed.
    private async Task<IRenderedComponent<EditServerPage>> ConflictAsync(FakeServer server)
    {
        var page = Open(server);
        await page.InvokeAsync(() => Field(page, "Name").ChangeAsync("mine"));
        await server.UpdateAsync(server.Spec with { Name = "theirs" });
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        return page;
    }

    private IRenderedComponent<EditServerPage> Open(FakeServer server)
        => Render<EditServerPage>(parameters => parameters.Add(page => page.Id, server.Id.ToString()));

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<EditServerPage> page, string label)
        => page.Find($"#{page.FindAll("label").Single(one => one.TextContent == label).GetAttribute("for")}");

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<EditServerPage> page, string text)
        => page.FindAll("button").Single(button => button.TextContent.Trim() == text);
}

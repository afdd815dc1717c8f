namespace OrleansWings.EndToEnd.Tests.Hosts;

/// <summary>Images that nobody uses are listed on the host's page and removed on request; those of servers never.</summary>
public sealed class UnusedImagesTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task An_unused_image_is_listed_and_removed_and_one_that_a_server_wishes_is_not()
    {
        var unused = $"ow-unused-{Guid.NewGuid():N}:1";
        var wished = $"ow-wished-{Guid.NewGuid():N}:1";
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        foreach (var image in (string[])[unused, wished])
        {
            // An image of its own: another name of the tests' image would be one that containers use.
            await Docker.RunAsync("create", "--name", image[..20], RealEngine.Image, "game", image);
            await Docker.RunAsync("commit", image[..20], image);
            await Docker.RunAsync("rm", image[..20]);
        }

        try
        {
            await CreatePage.CreateAsync(tab, new GameSettings { Name = "Wisher", Image = "~" + wished });
            await tab.GoAsync("/hosts/here");
            var card = tab.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Images" });
            await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Look for unused" }).ClickAsync();
            await Assertions.Expect(card).ToContainTextAsync(unused);
            await Assertions.Expect(card).Not.ToContainTextAsync(wished);

            await card.GetByLabel(unused).CheckAsync();
            await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Remove 1 for good" }).ClickAsync();
            await Assertions.Expect(card).Not.ToContainTextAsync(unused);
            Assert.DoesNotContain(unused[..^2], await Docker.RunAsync("images", "--format", "{{.Repository}}"), StringComparison.Ordinal);
            Assert.Contains(wished[..^2], await Docker.RunAsync("images", "--format", "{{.Repository}}"), StringComparison.Ordinal);
        }
        finally
        {
            await Docker.RunAsync("rmi", wished);
        }
    }
}

using System.Net;

namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>Servers that cannot start, and addresses that lead nowhere.</summary>
public sealed class BadStartTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    [Fact]
    public async Task An_image_that_does_not_exist_is_said_on_the_page_and_on_the_console()
    {
        var page = await CreatePage.CreateAsync(await OpenAsync(), new GameSettings { Name = "No image", Image = "~no-such-image:latest" });
        await page.PressAsync("Start");
        await Assertions.Expect(page.Problem).ToContainTextAsync("The image no-such-image:latest is not on this host");
        await page.WaitForStateAsync("Offline");
        await page.WaitForLineAsync("The image no-such-image:latest is not on this host");
        Assert.Null(await Docker.StatusAsync(page.Id));
    }

    [Fact]
    public async Task A_port_of_another_server_is_refused_at_the_field_and_names_that_server()
    {
        var tab = await OpenAsync();
        await CreatePage.CreateAsync(tab, new GameSettings { Name = "Holder", Port = 28015 });
        var create = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await create.FillAsync(new GameSettings { Name = "Second", Port = 28015 });
        await create.Submit.ClickAsync();
        await Assertions.Expect(create.Note("Port 1")).ToHaveTextAsync("0.0.0.0:28015 is held by the server Holder.");
        await create.SetAsync("Port 1", "28016");
        await create.SubmitAsync();
    }

    [Fact]
    public async Task A_port_of_a_stranger_is_named_when_the_server_starts()
    {
        using var stranger = NamespaceSocket.Listen();
        var port = ((IPEndPoint)stranger.LocalEndPoint!).Port;
        var page = await CreatePage.CreateAsync(await OpenAsync(), new GameSettings { Name = "Blocked", Port = port });
        await page.PressAsync("Start");
        await Assertions.Expect(page.Problem).ToContainTextAsync($"{port} is in use on this host by another program.");
        await page.WaitForStateAsync("Offline");

        stranger.Close();
        await page.StartAsync();
        await Assertions.Expect(page.Problem).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_game_that_ends_at_once_is_told_as_what_it_is()
    {
        var page = await CreatePage.CreateAsync(await OpenAsync(), new GameSettings { Name = "Missing", Startup = "no-such-game" });
        await page.PressAsync("Start");
        await Assertions.Expect(page.Problem).ToContainTextAsync("its start-up command was not found (exit code 127)");
        await page.WaitForStateAsync("Offline");
    }

    [Fact]
    public async Task A_text_that_is_far_too_long_is_said_at_its_field_and_the_page_lives_on()
    {
        var tab = await OpenAsync();
        var create = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await create.Field("Start-up command").FocusAsync();
        await tab.Page.Keyboard.InsertTextAsync(new string('<', 500_000));
        await create.Field("Start-up command").BlurAsync();
        await Assertions.Expect(create.Note("Start-up command")).ToHaveTextAsync("The start-up command is 40000 characters long; at most 16,384.");
        await create.SetAsync("Name", new string('n', 81));
        await Assertions.Expect(create.Note("Name")).ToHaveTextAsync("The name is 81 characters long; at most 80.");
    }

    [Theory]
    [InlineData("0de30000-0000-4000-8000-00000000abcd")]
    [InlineData("nonsense")]
    public async Task An_id_that_no_server_has_gets_a_page_that_says_so(string id)
    {
        var tab = await OpenAsync();
        await tab.GoAsync($"/servers/{id}");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "There is no server with this id" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_gets_a_page_that_says_so()
    {
        var tab = await OpenAsync();
        tab.Expect("404");
        await tab.GoAsync("/no-such-page");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "There is no such page" })).ToBeVisibleAsync();
    }

    private async Task<Tab> OpenAsync() => await OpenAsync(await shared.GetAsync());
}

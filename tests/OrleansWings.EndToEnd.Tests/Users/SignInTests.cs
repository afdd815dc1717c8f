using System.Net;

namespace OrleansWings.EndToEnd.Tests.Users;

public sealed class SignInTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/servers/new")]
    [InlineData("/servers/0de30000-0000-4000-8000-000000030000")]
    [InlineData("/hosts")]
    [InlineData("/trash")]
    [InlineData("/metrics")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/no-such-page")]
    public async Task A_stranger_is_denied_everything_but_health_and_sign_in(string path)
    {
        var program = await shared.GetAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = program.Address };
        var method = path.StartsWith("/_blazor", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
        using var script = await client.SendAsync(new HttpRequestMessage(method, path));
        Assert.Equal(HttpStatusCode.Unauthorized, script.StatusCode);
        if (method == HttpMethod.Post)
            return;

        using var person = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } });
        Assert.Equal(HttpStatusCode.Redirect, person.StatusCode);
        Assert.Equal("/sign-in", new Uri(program.Address, person.Headers.Location!).AbsolutePath);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/sign-in")]
    public async Task A_stranger_is_shown_health_and_sign_in(string path)
    {
        var program = await shared.GetAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = program.Address };
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Signing_in_leads_to_where_one_wanted_to_go_and_outlives_a_restart_of_the_program()
    {
        var program = await StartProgramAsync();
        var tab = await OpenStrangerAsync(program);
        await tab.Page.GotoAsync("/hosts");
        var signIn = new SignInPage(tab);
        await signIn.SignInAsync("admin", "not the password");
        await Assertions.Expect(signIn.Fault).ToHaveTextAsync("The user name or the password is wrong.");

        await signIn.SignInAsync("admin", WingsProgram.Password);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Hosts", Level = 1 })).ToBeVisibleAsync();
        await tab.WaitUntilInteractiveAsync();

        using (tab.Outage())
        {
            var load = await tab.LoadAsync();
            await program.KillAsync();
            await program.StartAsync();
            // By itself: nobody presses anything.
            await tab.WaitForNewLoadAsync(load);
        }

        await tab.GoAsync("/hosts");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Hosts", Level = 1 })).ToBeVisibleAsync();

        // What was sent may be a password: the next one who signs in here does not find it with the arrow keys.
        await tab.Page.EvaluateAsync("() => localStorage.setItem('wings.commands.x', '[\"op kim secret\"]')");
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Null(await tab.Page.EvaluateAsync<string?>("() => localStorage.getItem('wings.commands.x')"));
        await tab.Page.GotoAsync("/hosts");
        Assert.Equal("/sign-in", new Uri(tab.Page.Url).AbsolutePath);
    }

    [Fact]
    public async Task Signing_out_closes_the_users_page_in_another_browser_too()
    {
        var program = await StartProgramAsync();
        var here = await OpenAsync(program);
        var there = await OpenAsync(program);
        await there.GoAsync("/hosts");

        await here.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();

        // By itself: nobody touches that page.
        await Assertions.Expect(there.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sign in" }))
            .ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 20_000 });
        await new SignInPage(there).SignInAsync("admin", WingsProgram.Password);
        await Assertions.Expect(there.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Hosts", Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Wrong_passwords_lock_the_user_and_it_is_said()
    {
        var program = await StartProgramAsync();
        var tab = await OpenStrangerAsync(program);
        await tab.Page.GotoAsync("/");
        var signIn = new SignInPage(tab);
        for (var i = 0; i < 5; i++)
        {
            await signIn.SignInAsync("admin", $"wrong password {i}");
            await Assertions.Expect(signIn.Fault).ToBeVisibleAsync();
        }

        await signIn.SignInAsync("admin", WingsProgram.Password);
        await Assertions.Expect(signIn.Fault).ToHaveTextAsync("Too many wrong passwords: this user is locked for a few minutes. Try again later.");
    }
}

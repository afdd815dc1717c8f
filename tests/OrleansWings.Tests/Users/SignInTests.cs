using System.Net;
using System.Text;

namespace OrleansWings.Tests.Users;

/// <summary>Sign-in over real HTTP with the real program.</summary>
public sealed class SignInTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/servers/0de30000-0000-4000-8000-000000030000")]
    [InlineData("/no/such/page")]
    public async Task Get_NotSignedIn_LeadsToSignInAndBack(string path)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        var answer = await program.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(path)}", answer.Headers.Location!.PathAndQuery);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/_blazor/negotiate")]
    public async Task Get_ProgramNotSignedIn_IsDenied(string path)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync(path, "*/*")).StatusCode);
    }

    [Fact]
    public async Task Post_HubNotSignedIn_IsDenied()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        var answer = await program.Browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_RightPassword_OpensEverything()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        var answer = await program.SignInAsync();

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", LocationOf(answer));
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/")).StatusCode);
        Assert.Contains("# TYPE ", await program.ReadAsync("/metrics"));
    }

    [Fact]
    public async Task SignIn_RightPassword_CookieIsKeptFromScriptsAndOtherSites()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        var cookie = (await program.SignInAsync()).Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("orleans-wings=", StringComparison.Ordinal));

        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.Contains("expires=", cookie);
    }

    [Fact]
    public async Task SignIn_BehindTlsProxy_CookieIsSecure()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        program.Browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var page = await program.GetAsync("/sign-in");

        var cookie = page.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("orleans-wings-form=", StringComparison.Ordinal));

        Assert.Contains("secure", cookie);
    }

    [Theory]
    [InlineData("admin", "wrong password")]
    [InlineData("nobody", RunningProgram.Password)]
    public async Task SignIn_WrongPasswordOrName_SaysTheSame(string user, string password)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        var answer = await program.SignInAsync(password, user);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("The user name or the password is wrong.", await RunningProgram.ReadAsync(answer));
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData("/servers/1?tab=console", "/servers/1?tab=console")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public async Task SignIn_ReturnUrl_IsFollowedOnlyHere(string returnUrl, string expected)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);

        var answer = await program.SignInAsync(path: $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(expected, LocationOf(answer));
    }

    [Fact]
    public async Task SignIn_WithoutFormToken_IsRefused()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        var form = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Input.UserName", "admin"), new("Input.Password", RunningProgram.Password)]);

        var answer = await program.Browser.PostAsync("/sign-in", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(program.Cookies.GetAllCookies(), cookie => cookie.Name == "orleans-wings");
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LocksTheUserEvenForTheRightOne()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        for (var i = 0; i < 5; i++)
            await program.SignInAsync("wrong password");

        var answer = await program.SignInAsync();

        Assert.Contains("Too many wrong passwords", await RunningProgram.ReadAsync(answer));
    }

    [Fact]
    public async Task SignIn_MoreThanTenTriesInAMinute_IsSlowedDown()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        for (var i = 0; i < 10; i++)
            await program.SignInAsync("wrong password", "nobody");

        var answer = await program.SignInAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.StartsWith("Too many tries.", await RunningProgram.ReadAsync(answer));
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/sign-in")).StatusCode);
    }

    [Fact]
    public async Task SignIn_ClientsOfAProxyThatIsNamed_AreCountedEach()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, proxies: [IPNetwork.Parse("127.0.0.0/8")]);
        await WearOutAsync(program, "203.0.113.1");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await program.SignInAsync()).StatusCode);
        ComeFrom(program, "203.0.113.2");
        Assert.Equal(HttpStatusCode.Redirect, (await program.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task SignIn_ProxyThatIsNotNamed_CannotSayWhereFrom()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await WearOutAsync(program, "203.0.113.1");

        ComeFrom(program, "203.0.113.2");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await program.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task Restart_SignedIn_StaysSignedIn()
    {
        var first = await RunningProgram.StartAsync(_folder.Path);
        await first.SignInAsync();
        await first.DisposeAsync();

        await using var second = await RunningProgram.StartAsync(_folder.Path, password: null, cookies: first.Cookies);

        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task SignOut_WithFormToken_NeedsSignInAgain()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();

        var answer = await program.SubmitAsync("/", "/sign-out");

        Assert.Equal("/sign-in", LocationOf(answer));
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task SignOut_AnotherBrowserOfTheUser_IsSignedOutAtOnce()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        var copy = new CookieContainer();
        copy.Add(program.Cookies.GetAllCookies());
        await program.SubmitAsync("/", "/sign-out");

        using var other = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = copy }) { BaseAddress = program.Browser.BaseAddress };
        var answer = await other.GetAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task SignOut_WithoutFormToken_IsRefused()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();

        var refused = await program.Browser.PostAsync("/sign-out", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "no part at all")]
    [InlineData("multipart/form-data", "--x")]
    [InlineData("application/x-www-form-urlencoded", "5000 keys")]
    public async Task SignOut_FormThatCannotBeRead_IsRefused(string type, string body)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        var form = new ByteArrayContent(Encoding.ASCII.GetBytes(body == "5000 keys" ? string.Join('&', Enumerable.Range(0, 5_000).Select(i => $"k{i}=1")) : body));
        form.Headers.TryAddWithoutValidation("Content-Type", type);

        var refused = await program.Browser.PostAsync("/sign-out", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task SignOut_ThatCannotBeWrittenDown_IsSaidAndNotDone()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        var inTheWay = Directory.CreateDirectory(Path.Combine(_folder.Path, "users.json.new"));

        var refused = await program.SubmitAsync("/", "/sign-out");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.StartsWith("You are still signed in:", await RunningProgram.ReadAsync(refused));
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/")).StatusCode);

        inTheWay.Delete();
        Assert.Equal("/sign-in", LocationOf(await program.SubmitAsync("/", "/sign-out")));
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/")).StatusCode);
    }

    private static async Task WearOutAsync(RunningProgram program, string client)
    {
        ComeFrom(program, client);
        for (var i = 0; i < 10; i++)
            await program.SignInAsync("wrong password", "nobody");
    }

    private static void ComeFrom(RunningProgram program, string client)
    {
        program.Browser.DefaultRequestHeaders.Remove("X-Forwarded-For");
        program.Browser.DefaultRequestHeaders.Add("X-Forwarded-For", client);
    }

    private static string LocationOf(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var location = answer.Headers.Location!;
        return location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString;
    }
}

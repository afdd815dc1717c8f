using System.Net;

namespace OrleansWings.Tests.Gates;

/// <summary>Over real HTTP with the real program.</summary>
public sealed class HostGateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/health/live")]
    public async Task Get_ByAForeignName_IsRefusedInWords(string path)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        program.Browser.DefaultRequestHeaders.Host = "attacker.example";

        var answer = await program.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("The dashboard does not know itself by the name 'attacker.example'. If it is right, start the program with WINGS_HOSTS=attacker.example.",
            await RunningProgram.ReadAsync(answer));
    }

    [Fact]
    public async Task Get_ByANameThatIsNone_IsRefusedInWords()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        program.Browser.DefaultRequestHeaders.TryAddWithoutValidation("Host", "xn--");

        var answer = await program.GetAsync("/sign-in");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("'xn--' is not the name of a host.", await RunningProgram.ReadAsync(answer));
    }

    [Fact]
    public async Task Get_ByASetName_IsAnswered()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path, hosts: ["games.example"]);
        program.Browser.DefaultRequestHeaders.Host = "games.example";

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/sign-in")).StatusCode);
    }

    [Theory]
    [InlineData("http://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("own", HttpStatusCode.OK)]
    public async Task Hub_SignedIn_OnlyForAPageOfOurs(string? origin, HttpStatusCode expected)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        if (origin is not null)
            program.Browser.DefaultRequestHeaders.Add("Origin", origin == "own" ? program.Browser.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);

        var answer = await program.Browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Hub_OursAndAForeignPageAtOnce_IsRefused()
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        program.Browser.DefaultRequestHeaders.Add("Origin", [program.Browser.BaseAddress!.GetLeftPart(UriPartial.Authority), "http://attacker.example"]);

        var answer = await program.Browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/_blazor?id=x")]
    [InlineData("/some/other/hub")]
    public async Task WebSocket_OfAForeignPage_IsRefused(string path)
    {
        await using var program = await RunningProgram.StartAsync(_folder.Path);
        await program.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", "http://attacker.example");
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");

        var answer = await program.Browser.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using OrleansWings.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
using OrleansWings.Settings;
using OrleansWings.Silo.Hosting;
using OrleansWings.Tests.Fakes;
using OrleansWings.Users;

namespace OrleansWings.Tests;

/// <summary>The real program on a free port with a silo of fakes, and a browser of sorts: cookies are kept, redirects shown.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly WingsApplication _app;

    private RunningProgram(WingsApplication app, FakeFleet fleet, FakeReadiness readiness)
    {
        (_app, Fleet, Readiness) = (app, fleet, readiness);
        Browser = NewBrowser();
    }

    public FakeFleet Fleet { get; }

    public FakeReadiness Readiness { get; }

    public HttpClient Browser { get; private set; }

    public CookieContainer Cookies { get; private set; } = new();

    public FirstAdministrator Administrator => _app.Services.GetRequiredService<FirstAdministrator>();

    public T GetService<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<RunningProgram> StartAsync(string dataFolder, string? password = Password, CookieContainer? cookies = null, ImmutableArray<string> hosts = default, ImmutableArray<IPNetwork> proxies = default)
    {
        var (fleet, readiness) = (new FakeFleet(), new FakeReadiness());
        var options = new WingsOptions
        {
            DataFolder = dataFolder,
            DefaultHost = new HostId("here"),
            Urls = [BindingAddress.Parse("http://127.0.0.1:0")],
            AdminPassword = password,
            Hosts = hosts.IsDefault ? [] : hosts,
            Proxies = proxies.IsDefault ? [] : proxies,
            LogLevel = LogLevel.Warning,
        };
        var app = WingsApplication.Create(options, (builder, _) =>
        {
            builder.Services.AddSingleton<IFleet>(fleet).AddSingleton<IFleetFeed>(fleet);
            builder.Services.AddSingleton<IConsoleFeeds, NoConsoles>();
            builder.Services.AddSingleton<IWingsReadiness>(readiness);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var program = new RunningProgram(app, fleet, readiness);
        program.OpenBrowser(cookies ?? new CookieContainer());
        return program;
    }

    /// <summary>Another browser, without the cookies of the first.</summary>
    public void ForgetCookies() => OpenBrowser(new CookieContainer());

    public async Task<HttpResponseMessage> GetAsync(string path, string accept = "text/html")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return await Browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> ReadAsync(string path) => await ReadAsync(await GetAsync(path));

    public static Task<string> ReadAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Fills in the form of a page, with the token and names that are in it, as a browser does.</summary>
    public Task<HttpResponseMessage> SubmitAsync(string path, params (string Name, string Value)[] fields)
        => SubmitAsync(path, path, fields);

    /// <summary>The same for a form that is sent to another address.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string from, string path, params (string Name, string Value)[] fields)
    {
        var page = await ReadAsync(from);
        var form = Hidden().Matches(page).ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
        Assert.Contains("__RequestVerificationToken", form.Keys);
        foreach (var (name, value) in fields)
            form[name] = value;
        return await Browser.PostAsync(path, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> SignInAsync(string password = Password, string user = "admin", string path = "/sign-in")
        => SubmitAsync(path, ("Input.UserName", user), ("Input.Password", password));

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _app.DisposeAsync();
    }

    private void OpenBrowser(CookieContainer cookies)
    {
        Cookies = cookies;
        Browser.Dispose();
        Browser = NewBrowser();
    }

    private HttpClient NewBrowser()
        => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = _app.Address };

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)" """)]
    private static partial Regex Hidden();
}

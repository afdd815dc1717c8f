namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>One Chromium for a test class; each tab has cookies and storage of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_flags =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(120_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("WINGS_TEST_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Args = s_flags,
        });
    }

    /// <summary>A tab with nothing in it.</summary>
    internal Task<Tab> OpenAsync(WingsProgram program, BrowserNewContextOptions? options = null) => OpenAsync(program.Address, options);

    /// <summary>The same for a dashboard that is not one of a test's own processes.</summary>
    internal async Task<Tab> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = address.ToString();
        options.Locale = "en-GB";
        options.TimezoneId = "UTC";
        options.ViewportSize ??= new ViewportSize { Width = 1440, Height = 900 };
        return await Tab.OpenAsync(await _browser!.NewContextAsync(options));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>
/// A test in a browser. Its tabs and programs are closed at the end, and a fault in a tab that the test did not
/// announce fails it. A test that failed shows the program's log and the pages.
/// </summary>
public abstract class BrowserTest(Browser browser) : IAsyncLifetime
{
    private readonly List<Tab> _tabs = [];
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<WingsProgram> _programs = [];

    private protected Uri Engine => RealEngine.Require();

    private protected DockerCommand Docker => new(Engine);

    public virtual ValueTask InitializeAsync()
    {
        RealEngine.Require();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        var isFailed = TestContext.Current.TestState?.Result == TestResult.Failed;
        if (isFailed)
            await ExplainAsync();
        var faults = _tabs.SelectMany(tab => tab.Faults).ToArray();
        foreach (var tab in _tabs)
            await tab.DisposeAsync();
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        if (!isFailed)
            Assert.Empty(faults);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the test made and is disposed at its end, the last first.</summary>
    private protected T Own<T>(T made) where T : IAsyncDisposable
    {
        _owned.Add(made);
        if (made is WingsProgram program)
            _programs.Add(program);
        return made;
    }

    private protected async Task<WingsProgram> StartProgramAsync(Uri? engine = null, string? dataFolder = null, params (string Name, string Value)[] settings)
        => Own(await WingsProgram.StartNewAsync(engine, dataFolder, settings));

    /// <summary>A tab that nobody signed in on.</summary>
    private protected async Task<Tab> OpenStrangerAsync(WingsProgram program, BrowserNewContextOptions? options = null)
    {
        return Watch(await browser.OpenAsync(program, options));
    }

    /// <summary>A tab that is closed at the end and fails the test by its faults.</summary>
    private protected Tab Watch(Tab tab)
    {
        _tabs.Add(tab);
        return tab;
    }

    /// <summary>A tab of the administrator; the first one of a program signs in by the page.</summary>
    private protected async Task<Tab> OpenAsync(WingsProgram program, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.StorageState = program.SignedIn;
        var tab = await OpenStrangerAsync(program, options);
        if (program.SignedIn is null)
        {
            await tab.Page.GotoAsync("/");
            await new SignInPage(tab).SignInAsync("admin", WingsProgram.Password);
            await tab.WaitUntilInteractiveAsync();
            program.SignedIn = await tab.StorageAsync();
        }

        return tab;
    }

    private async Task ExplainAsync()
    {
        var output = TestContext.Current.TestOutputHelper;
        foreach (var program in _programs)
            output?.WriteLine($"==== the program at {program.Address} said:\n{program.Output}");
        foreach (var tab in _tabs)
        {
            output?.WriteLine($"==== faults of the tab at {tab.Page.Url}: {string.Join('\n', tab.Faults)}");
            try
            {
                output?.WriteLine(await tab.Page.Locator("body").InnerTextAsync(new LocatorInnerTextOptions { Timeout = 2_000 }));
                var picture = await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Timeout = 5_000 });
                TestContext.Current.AddAttachment($"tab-{_tabs.IndexOf(tab)}.png", picture, "image/png");
                if (Environment.GetEnvironmentVariable("WINGS_TEST_PICTURES") is { Length: > 0 } folder)
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"{TestContext.Current.Test?.TestDisplayName.Split('.')[^1]}-{_tabs.IndexOf(tab)}.png"), picture);
            }
            catch (PlaywrightException e)
            {
                output?.WriteLine($"(no picture: {e.Message})");
            }
        }
    }
}

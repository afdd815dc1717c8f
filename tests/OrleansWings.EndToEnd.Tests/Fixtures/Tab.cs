using System.Text.RegularExpressions;

namespace OrleansWings.EndToEnd.Tests.Fixtures;

/// <summary>
/// A browser's tab that remembers what went wrong in it: errors on the console (also what the content security policy
/// refused), scripts that threw, requests that failed. A test fails on any that it did not announce.
/// </summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Lock _lock = new();
    private readonly List<string> _faults = [];
    private readonly List<string> _expected = [];
    private bool _isOutage;

    private Tab(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    public TerminalRecord Terminal { get; } = new();

    /// <summary>The last events that the page told the program.</summary>
    public EventTail Events { get; } = new();

    /// <summary>What went wrong and was not expected.</summary>
    public IReadOnlyList<string> Faults
    {
        get { lock (_lock) return [.. _faults.Where(fault => !_expected.Any(fault.Contains))]; }
    }

    public static async Task<Tab> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        var tab = new Tab(context, page);
        page.SetDefaultTimeout(120_000);
        await tab.Terminal.AttachAsync(page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                tab.Take($"console: {message.Text}", isConnection: IsAboutConnection(message.Text));
        };
        page.PageError += (_, error) =>
        {
            // The server took the element away while its event was on the way; Blazor drops it. Who pressed it waits for what it does, and sees that.
            if (!error.Contains("There is no event handler associated with this event", StringComparison.Ordinal))
                tab.Take($"script: {error} (after {tab.Events})", isConnection: IsAboutConnection(error));
        };
        page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) => tab.Events.Note(frame.Binary);
        page.RequestFailed += (_, request) =>
        {
            // Leaving a page ends its requests.
            if (request.Failure is not "net::ERR_ABORTED")
                tab.Take($"request: {request.Url}: {request.Failure}", isConnection: true);
        };
        return tab;
    }

    /// <summary>Until disposed the program may be away: failing connections are as it should be, nothing else is.</summary>
    public IDisposable Outage()
    {
        lock (_lock)
            _isOutage = true;
        return new OutageEnd(this);
    }

    /// <summary>A fault with this in it is part of the test.</summary>
    public void Expect(string part)
    {
        lock (_lock)
            _expected.Add(part);
    }

    /// <summary>Goes to an address and waits until the page does what is clicked.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await WaitUntilInteractiveAsync();
    }

    public Task WaitUntilInteractiveAsync() => Page.Locator("#main[data-interactive]").WaitForAsync();

    /// <summary>
    /// Waits until the tab is at a path (a regular expression) of the program. It asks the browser: Playwright's own wait for an
    /// address looks at the last one it heard of and listens after that, and a navigation told in between is missed for ever.
    /// </summary>
    public Task WaitForAddressAsync(string path)
        => Assertions.Expect(Page).ToHaveURLAsync(new Regex($@"^https?://[^/]+{path}(\?.*)?$"));

    /// <summary>What tells one load of the page from the next.</summary>
    public Task<double> LoadAsync() => Page.EvaluateAsync<double>("() => performance.timeOrigin");

    /// <summary>Waits until the page was loaded again by itself and works.</summary>
    public async Task WaitForNewLoadAsync(double before)
    {
        await Page.WaitForFunctionAsync("before => performance.timeOrigin !== before", before);
        await WaitUntilInteractiveAsync();
    }

    /// <summary>The program's answer to something that was pressed.</summary>
    public ILocator Notice(string text) => Page.Locator(".mud-snackbar").Filter(new LocatorFilterOptions { HasText = text });

    /// <summary>What the browser keeps of a sign-in.</summary>
    public Task<string> StorageAsync() => _context.StorageStateAsync();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static bool IsAboutConnection(string text)
        => ((string[])["net::ERR_", "WebSocket", "Connection disconnected", "Failed to complete negotiation", "Failed to start the connection", "Failed to fetch", "circuit", "Cannot send data if the connection"])
            .Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase));

    private void Take(string fault, bool isConnection)
    {
        lock (_lock)
        {
            if (!(isConnection && _isOutage))
                _faults.Add(fault);
        }
    }

    private sealed class OutageEnd(Tab tab) : IDisposable
    {
        public void Dispose()
        {
            lock (tab._lock)
                tab._isOutage = false;
        }
    }
}

using System.Diagnostics;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>One fleet on a network for all tests that cut it: making it takes longer than most of them.</summary>
[CollectionDefinition(nameof(SpreadFleet))]
public sealed class SpreadFleetCollection : ICollectionFixture<SpreadFleet>;

/// <summary>A test on the fleet of many machines. It leaves the fleet whole, and no server twice.</summary>
[Collection(nameof(SpreadFleet))]
public abstract class SpreadFleetTest(SpreadFleet fleet, Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private readonly Browser _browser = browser;

    private protected SpreadFleet Fleet => fleet;

    public override async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(fleet.Tell());
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A tab of the administrator on a control machine's pages.</summary>
    private protected async Task<Tab> OpenAsync(FleetMachine control, string path)
    {
        var tab = Watch(await _browser.OpenAsync(control.Pages));
        await tab.Page.GotoAsync("/");
        await new SignInPage(tab).SignInAsync("admin", FleetRun.Password);
        await tab.WaitUntilInteractiveAsync();
        await tab.GoAsync(path);
        return tab;
    }

    /// <summary>Lets a server say numbered lines, 2,000 a second, until <see cref="EndFloodAsync"/>.</summary>
    private protected static async Task BeginFloodAsync(IServer server)
        => await Eventually.GetAsync(() => server.SendCommandAsync(
            "run n=0; while [ ! -f /tmp/enough ]; do awk -v f=$n 'BEGIN { for (i = f + 1; i <= f + 200; i++) print \"flood \" i }'; n=$((n+200)); sleep 0.1; done"), sent => sent.IsAccepted);

    private protected static Task EndFloodAsync(FleetMachine host, IServer server) => host.Docker.RunAsync("exec", server.Id.ToString(), "touch", "/tmp/enough");

    /// <summary>How long it takes until something is so.</summary>
    private protected static async Task<TimeSpan> TimeAsync(string what, Func<Task> wait)
    {
        var began = Stopwatch.GetTimestamp();
        await wait();
        var took = Stopwatch.GetElapsedTime(began);
        Tell($"{what}: {took.TotalMilliseconds:0} ms");
        return took;
    }

    private protected static void Tell(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    /// <summary>Which engine runs a server's container; a test fails when two do.</summary>
    private protected async Task AssertRunsOnceAsync(IServer server, FleetMachine host)
    {
        var running = new List<string>();
        foreach (var each in fleet.Hosts)
        {
            if (await each.Docker.StatusAsync(server.Id.ToString()) == "running")
                running.Add(each.Name);
        }

        Assert.Equal([host.Name], running);
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using OrleansWings.EndToEnd.Tests.Consoles;
using OrleansWings.Fleets;
using OrleansWings.Hosts;
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

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await fleet.EnsureAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            Tell(fleet.Tell());
            await fleet.HealAsync();
        }

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

    /// <summary>Waits until the list of hosts says so of one.</summary>
    private protected static Task WaitForHostAsync(Tab hosts, string host, string status)
        => Assertions.Expect(hosts.Page.Locator($"section[aria-label='Host {host}'] .state")).ToHaveTextAsync(status);

    /// <summary>Waits until the fleet is as it was made: every host ready, also for panel code.</summary>
    private protected async Task WaitUntilWholeAsync()
        => await Eventually.GetAsync(ListHostsAsync, hosts => hosts.Length == fleet.Hosts.Count() && hosts.All(host => host.Status == HostStatus.Ready));

    // A silo that was cut from the store needs a moment until it has its connection again, and refuses by its documented exception until then.
    private async Task<ImmutableArray<HostSnapshot>> ListHostsAsync()
    {
        try
        {
            return await fleet.Fleet.ListHostsAsync();
        }
        catch (Exception e) when (e is StoreUnreachableException or OrleansException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>How often each process was started again by its supervisor, to be compared with later.</summary>
    private protected string Restarts(params string[] names) => string.Join(", ", names.Select(name => $"{name} {fleet[name].Member.Restarts}"));

    /// <summary>What a terminal showed of a flood, over all loads of its page.</summary>
    private static FloodCheck CheckFlood(Tab tab)
    {
        var shown = new FloodCheck();
        foreach (var (text, i) in tab.Terminal.Texts.Select((text, i) => (text, i)))
            shown.Read(text, isAfterReload: i > 0);
        Tell($"shown up to {shown.Last}; gaps: {string.Join(" | ", shown.Gaps)}");
        return shown;
    }

    /// <summary>Ends a flood and checks that the terminal showed all of it or named what it left out.</summary>
    private protected static async Task EndFloodAsync(FleetMachine host, IServer server, Tab viewer)
    {
        await host.Docker.RunAsync("exec", server.Id.ToString(), "touch", "/tmp/enough");
        await new ServerPage(viewer).WaitForLineAsync("run over");
        var shown = CheckFlood(viewer);
        Assert.Empty(shown.Faults);
        Assert.Equal(FloodCheck.LastIn(await host.Docker.RunAsync("logs", "--tail", "50", server.Id.ToString())), shown.Last);
    }

    /// <summary>Lets a server say numbered lines, 2,000 a second, until <see cref="EndFloodAsync"/>.</summary>
    private protected static async Task BeginFloodAsync(IServer server)
        => await Eventually.GetAsync(() => server.SendCommandAsync(
            "run n=0; while [ ! -f /tmp/enough ]; do awk -v f=$n 'BEGIN { for (i = f + 1; i <= f + 200; i++) print \"flood \" i }'; n=$((n+200)); sleep 0.1; done"), sent => sent.IsAccepted);

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

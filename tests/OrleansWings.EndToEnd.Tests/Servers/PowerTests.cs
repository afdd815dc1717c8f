using System.Diagnostics;

namespace OrleansWings.EndToEnd.Tests.Servers;

public sealed class PowerTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    // Promised to whoever presses it.
    private static readonly TimeSpan s_killShowsWithin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Kill_passes_while_a_start_waits_for_a_pull_that_hangs()
    {
        await using var registry = new HangingRegistry();
        var page = await CreateAsync(new GameSettings { Name = "Hanging", Image = registry.Image });
        await page.PressAsync("Start");
        await page.WaitForStateAsync("Starting");
        await registry.WaitUntilAskedAsync();
        await KillAsync(page);
        Assert.Null(await Docker.StatusAsync(page.Id));
        await Assertions.Expect(page.Button("Start")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Kill_takes_the_place_of_stop_while_stopping_and_passes_with_a_game_that_ignores_signals()
    {
        var page = await CreateAsync(new GameSettings { Name = "Deaf", StopCommand = null });
        await page.StartAsync();
        await page.SendAsync("ignore");
        await page.WaitForLineAsync("ignoring signals");
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Stopping");
        await Assertions.Expect(page.Button("Stop")).ToHaveCountAsync(0);
        Assert.Equal("running", await Docker.StatusAsync(page.Id));
        await KillAsync(page);
        Assert.Equal("exited", await Docker.StatusAsync(page.Id));
    }

    [Fact]
    public async Task Two_people_who_start_a_server_at_once_get_an_order_and_a_named_refusal()
    {
        var first = await CreateAsync(new GameSettings { Name = "Wanted" });
        var other = await OpenAsync(await shared.GetAsync());
        var line = await HeldLine.OfAsync(other.Page);
        var second = await first.OpenAsync(other);
        await second.WaitForStateAsync("Offline");
        line.Hold();

        var accepted = AnswerAsync(first.Tab);
        await first.PressAsync("Start");
        Assert.Equal("The server is starting.", await accepted);
        // The other one still sees it offline, as somebody does who presses at the same moment.
        var refused = AnswerAsync(second.Tab);
        await second.PressAsync("Start");
        line.Release();
        Assert.Contains(await refused, (string[])["The server is starting already.", "The server is running already."]);
        await first.WaitForStateAsync("Running");
        await second.WaitForStateAsync("Running");
    }

    [Fact]
    public async Task Neither_a_stop_right_after_running_nor_a_start_right_after_offline_is_ever_lost()
    {
        const int Rounds = 20;
        var page = await CreateAsync(new GameSettings { Name = "Hasty" });
        // In the page itself, so that the button is pressed in the very moment in which the state shows.
        var presses = await page.Tab.Page.EvaluateAsync<int>("""
            async rounds => {
              const until = (condition, what) => new Promise((done, fail) => {
                const end = setTimeout(() => { watch.disconnect(); fail(new Error(`${what} did not come`)); }, 60000);
                const look = () => { const found = condition(); if (found) { clearTimeout(end); watch.disconnect(); done(found); } };
                const watch = new MutationObserver(look);
                watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
                look();
              });
              const button = name => [...document.querySelectorAll('.power button')].find(one => one.textContent.trim() === name && !one.disabled);
              const state = () => document.querySelector('.server-name .state').textContent.trim();
              let presses = 0;
              for (let i = 1; i <= rounds; i++) {
                for (const [action, state_] of [['Start', 'Running'], ['Stop', 'Offline']]) {
                  (await until(() => button(action), `round ${i}: ${action}`)).click();
                  presses++;
                  await until(() => state() === state_, `round ${i}: ${state_}`);
                }
              }
              return presses;
            }
            """, Rounds);
        Assert.Equal(2 * Rounds, presses);
        Assert.Equal($"{Rounds}", await Docker.InspectAsync(page.Id, """{{index .Config.Labels "orleanswings.run"}}"""));
        Assert.Equal("exited", await Docker.StatusAsync(page.Id));
    }

    private static async Task KillAsync(ServerPage page)
    {
        var since = Stopwatch.GetTimestamp();
        await page.PressAsync("Kill");
        await page.WaitForStateAsync("Offline");
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, s_killShowsWithin);
    }

    private static async Task<string> AnswerAsync(Tab tab) => (await tab.Notice("The server is").Last.InnerTextAsync()).Trim();

    private async Task<ServerPage> CreateAsync(GameSettings settings) => await CreatePage.CreateAsync(await OpenAsync(await shared.GetAsync()), settings);
}

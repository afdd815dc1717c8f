using OrleansWings.Hosts;
using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A host whose clock is an hour off: it joins and works, nobody takes another for dead, and the page says what is off.</summary>
public sealed class ClockTests(SpreadFleet fleet, Browser browser) : SpreadFleetTest(fleet, browser)
{
    [Theory]
    [InlineData("+1h", false, "ahead of")]
    [InlineData("-1h", true, "behind")]
    public async Task A_host_whose_clock_is_an_hour_off_works_and_is_named(string offset, bool isNewDisk, string words)
    {
        var (host, other) = (Fleet["h3"], Fleet["h2"]);
        var hosts = await OpenAsync(Fleet["c1"], "/hosts");
        await using (var off = await WrongClock.SetAsync(host, offset, isNewDisk))
        {
            await WaitUntilWholeAsync();
            await Assertions.Expect(hosts.Page.Locator("section[aria-label='Host h3'] .banner")).ToContainTextAsync($"{words} this control silo's");
            var told = await Eventually.GetAsync(() => Fleet.Fleet.ListHostsAsync(), all => all.Single(one => one.Id.Value == "h3").ClockAhead != TimeSpan.Zero);
            Assert.Equal(60, Math.Abs(told.Single(one => one.Id.Value == "h3").ClockAhead.TotalMinutes), 1.0);
            Assert.All(told.Where(one => one.Id.Value != "h3"), one => Assert.Equal(TimeSpan.Zero, one.ClockAhead));

            var server = await Fleet.RunServerAsync("h3", $"off {offset}");
            await Eventually.GetAsync(() => server.SendCommandAsync("hello"), sent => sent.IsAccepted);
            await Eventually.GetAsync(() => server.ReadLogAsync(10), lines => lines.Any(line => line.Contains("Unknown command: hello", StringComparison.Ordinal)));

            // A host that is lost meanwhile is found so by the others, and nobody but it.
            var before = Restarts("c1", "c2", "h2", "h3");
            await Fleet["h1"].Member.FreezeAsync();
            await Eventually.GetAsync(() => Fleet.Fleet.ListHostsAsync(), all => all.Single(one => one.Id.Value == "h1").Status == HostStatus.Lost);
            await Fleet["h1"].Member.ThawAsync();
            await WaitUntilWholeAsync();
            Assert.Equal(before, Restarts("c1", "c2", "h2", "h3"));

            Assert.True((await server.StopAsync()).IsAccepted);
            await FleetRun.WaitForAsync(server, PowerState.Offline);
            await Eventually.GetAsync(server.StartAsync, result => result.IsAccepted);
            await FleetRun.WaitForAsync(server, PowerState.Running);
            await AssertRunsOnceAsync(server, host);
            Assert.True((await server.KillAsync()).IsAccepted);
        }

        // Set right, also backwards: it goes on as before.
        await WaitUntilWholeAsync();
        await Assertions.Expect(hosts.Page.Locator("section[aria-label='Host h3'] .banner")).ToHaveCountAsync(0);
    }
}

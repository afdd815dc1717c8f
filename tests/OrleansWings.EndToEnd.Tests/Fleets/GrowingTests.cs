using System.Diagnostics;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A first machine, alone until now, becomes one of a fleet; its players notice nothing.</summary>
public sealed class GrowingTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task A_running_server_is_still_running_after_its_machine_moved_to_Redis()
    {
        var redis = Own(await RedisServer.StartAsync());
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Lobby" });
        await page.StartAsync();
        await page.SendAsync("before the move");
        await page.WaitForLineAsync("Unknown command: before the move");
        var container = await Docker.InspectAsync(page.Id, "{{.Id}} {{.State.Pid}}");
        program.Set("WINGS_REDIS", redis.Url);
        program.Set("WINGS_REDIS_PASSWORD_FILE", redis.PasswordFile);
        program.Set("WINGS_SILO_PORT", $"{FreePort.Find()}");
        program.Set("WINGS_GATEWAY_PORT", $"{FreePort.Find()}");
        program.Set("WINGS_ALLOW_PLAIN_CLUSTER", "true");

        // Not while it runs.
        Assert.Contains("is in use by another OrleansWings", (await MoveAsync(program)).Error, StringComparison.Ordinal);
        var id = page.Id;
        await tab.Page.GotoAsync("about:blank");
        await program.InterruptAsync();
        var moved = await MoveAsync(program);
        Assert.Equal((0, ""), (moved.ExitCode, moved.Error));
        await program.StartAsync();
        // Still signed in: the users and the keys of their cookies came along.
        await tab.GoAsync($"/servers/{id}");

        await page.WaitForStateAsync("Running");
        await page.WaitForLineAsync("Unknown command: before the move");
        await page.SendAsync("after the move");
        await page.WaitForLineAsync("Unknown command: after the move");
        Assert.Equal(container, await Docker.InspectAsync(id, "{{.Id}} {{.State.Pid}}"));
        var lines = await page.LinesAsync();
        Assert.Single(lines, line => line.Contains("Starting game", StringComparison.Ordinal));
    }

    private static Task<CommandResult> MoveAsync(WingsProgram program)
    {
        var start = new ProcessStartInfo(PublishedProgram.Path, ["move-state"]) { WorkingDirectory = "/" };
        return Command.TryAsync(start.WithOnly(program.Settings));
    }
}

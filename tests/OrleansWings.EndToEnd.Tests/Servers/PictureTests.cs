namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>
/// Makes the pictures of the README, only when asked to, so that a plain run leaves the tree as it is:
/// <c>./test.sh --project EndToEnd --explicit only</c>.
/// </summary>
public sealed class PictureTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    // Looks and works like a game of the kind that people run here.
    private const string Game = """
        info() { printf '\033[90m[%s]\033[0m \033[32mINFO\033[0m  %s\n' "$(date +%H:%M:%S)" "$1"; }
        warn() { printf '\033[90m[%s]\033[0m \033[33mWARN\033[0m  %s\n' "$(date +%H:%M:%S)" "$1"; }
        info 'Loading world "survival"'; sleep 1
        info 'Preparing spawn area: 48 %'; sleep 1
        info 'Preparing spawn area: 97 %'
        dd if=/dev/zero of=/tmp/held bs=1M count=86 2> /dev/null
        info 'Done (2.31s)! For help, type "help"'
        ( i=0
          while :; do
            i=$((i + 1))
            case $((i % 23)) in
              3) info 'Anna joined the game' ;;
              6) info 'Ben joined the game' ;;
              9) info '<Anna> who took my boat?' ;;
              12) info '<Ben> it was like that when I found it' ;;
              15) warn "Can't keep up! Running 2104 ms behind, skipping 42 ticks" ;;
              18) info 'Saved the world in 38 ms' ;;
              21) info 'Carla joined the game' ;;
            esac
            n=0; while [ $n -lt $((20000 + (i * 7919) % 30000)) ]; do n=$((n + 1)); done
            [ $((i % 5)) != 0 ] || dd if=/dev/zero of=/home/container/world bs=64k count=$((8 + i % 11)) conv=fsync 2> /dev/null
            sleep 1
          done ) &
        while read -r line; do
          case $line in
            stop) info 'Stopping the server'; kill $!; exit 0 ;;
            list) info 'There are 3 of a max of 20 players online: Anna, Ben, Carla' ;;
            *) info "Unknown command: $line" ;;
          esac
        done
        """;

    [Fact(Explicit = true)]
    public async Task Pictures_of_the_readme()
    {
        var program = await StartProgramAsync();
        var tab = await OpenAsync(program);
        foreach (var (name, port) in ((string, int)[])[("Creative", 25566), ("Lobby", 25567), ("Arena", 25568), ("Event of last summer", 25569)])
        {
            var other = await CreateAsync(program, tab, name, port);
            if (name != "Event of last summer")
                await other.StartAsync();
        }

        var page = await CreateAsync(program, tab, "Survival", 25565);
        await page.StartAsync();
        // The charts need a while to have a shape.
        await tab.Page.WaitForTimeoutAsync(150_000);
        await page.SendAsync("list");
        await page.WaitForLineAsync("There are 3 of a max of 20 players");
        await TakeAsync(tab, "dashboard");
        await new ListPage(tab).OpenAsync();
        await Assertions.Expect(new ListPage(tab).State("Survival")).ToHaveTextAsync("Running");
        await TakeAsync(tab, "servers");
    }

    private static async Task<ServerPage> CreateAsync(WingsProgram program, Tab tab, string name, int port)
    {
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = name, Port = port, Startup = "sh server.sh", MemoryMiB = "256" });
        var folder = Directory.CreateDirectory(Path.Combine(program.Data, "volumes", page.Id));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "server.sh"), Game);
        await Command.RunAsync("chown", "-R", "988:988", folder.FullName);
        return page;
    }

    private static async Task TakeAsync(Tab tab, string name)
    {
        var folder = Directory.CreateDirectory(Repository.PathOf("docs", "images")).FullName;
        await Assertions.Expect(tab.Page.Locator(".mud-snackbar")).ToHaveCountAsync(0);
        foreach (var (scheme, file) in ((ColorScheme, string)[])[(ColorScheme.Light, $"{name}-light.png"), (ColorScheme.Dark, $"{name}.png")])
        {
            await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", scheme == ColorScheme.Dark ? "dark" : "light");
            await tab.Page.Mouse.MoveAsync(0, 0);
            await tab.Page.WaitForTimeoutAsync(500);
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, file) });
        }
    }
}

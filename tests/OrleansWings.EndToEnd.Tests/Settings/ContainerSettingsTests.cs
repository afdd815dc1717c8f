namespace OrleansWings.EndToEnd.Tests.Settings;

/// <summary>What an operator sets of the containers is what the engine holds of them.</summary>
public sealed class ContainerSettingsTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task What_is_set_is_what_the_engine_has()
    {
        var network = $"games-{Guid.NewGuid():N}"[..14];
        Own(new Leftover(Docker, network));
        var program = await StartProgramAsync();
        await program.InterruptAsync();
        foreach (var (name, value) in ((string, string)[])[
            ("WINGS_NETWORK", network), ("WINGS_NETWORK_SUBNETS", "10.231.7.0/24;fd00:231::/64"), ("WINGS_NETWORK_MTU", "1400"), ("WINGS_DNS", "192.0.2.53"),
            ("WINGS_DOMAIN", "games.test"), ("WINGS_TMPFS_MIB", "64"), ("WINGS_LOG_DRIVER", "json-file"), ("WINGS_LOG_OPTIONS", "max-size=5m;max-file=1"), ("WINGS_INIT", "true"), ("WINGS_PASSWD", "true")])
            program.Set(name, value);
        await program.StartAsync();
        var tab = await OpenAsync(program);
        var page = await CreatePage.CreateAsync(tab, new GameSettings { Name = "Set", Startup = "game", MemoryMiB = "64", Port = 28_051, Address = "127.0.0.1" });
        await page.StartAsync();
        // The console is that of the game, whatever is first in the container.
        await page.SendAsync("hello");
        await page.WaitForLineAsync("Unknown command: hello");

        await page.SendAsync("run id -un; id -gn; cat /etc/machine-id");
        await page.WaitForLineAsync("run over");
        var said = string.Join('\n', await page.LinesAsync());
        Assert.Contains("container\ncontainer\n" + page.Id.Replace("-", ""), said, StringComparison.Ordinal);

        Assert.Equal(
            $"games.test [192.0.2.53] {network} true rw,exec,nosuid,size=64M json-file 5m",
            await Docker.InspectAsync(page.Id, "{{.Config.Domainname}} {{.HostConfig.Dns}} {{.HostConfig.NetworkMode}} {{.HostConfig.Init}} {{index .HostConfig.Tmpfs \"/tmp\"}} {{.HostConfig.LogConfig.Type}} {{index .HostConfig.LogConfig.Config \"max-size\"}}"));
        // The seed's variables, 127.0.0.1 written out as the bridge's own address.
        await page.SendAsync("run echo $TZ $SERVER_MEMORY $SERVER_IP $SERVER_PORT $STARTUP");
        await page.WaitForLineAsync("UTC 64 10.231.7.1 28051 game");
        Assert.Equal("10.231.7.1 fd00:231::1 true true", (await Docker.RunAsync(
            "network", "inspect", network, "--format", "{{range .IPAM.Config}}{{.Gateway}} {{end}}{{index .Options \"com.docker.network.bridge.enable_icc\"}} {{index .Options \"com.docker.network.bridge.enable_ip_masquerade\"}}")).Trim());
        Assert.Equal("10.231.7.0/24 fd00:231::/64 1400", (await Docker.RunAsync(
            "network", "inspect", network, "--format", "{{range .IPAM.Config}}{{.Subnet}} {{end}}{{index .Options \"com.docker.network.driver.mtu\"}}")).Trim());
        await page.PressAsync("Stop");
        await page.WaitForStateAsync("Offline");
    }

    // After the program, whose containers are on it.
    private sealed class Leftover(DockerCommand docker, string network) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await docker.RunAsync("network", "rm", network);
    }
}

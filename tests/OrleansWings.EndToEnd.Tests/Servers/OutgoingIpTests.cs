namespace OrleansWings.EndToEnd.Tests.Servers;

/// <summary>Servers that send from the address of their port, on a host that has several.</summary>
public sealed class OutgoingIpTests(Browser browser, SharedProgram shared) : BrowserTest(browser), IClassFixture<Browser>, IClassFixture<SharedProgram>
{
    private const string Address = "198.51.100.77";
    private const string Network = "ip-198-51-100-77";

    [Fact]
    public async Task Two_servers_of_one_address_share_a_bridge_that_goes_with_the_last()
    {
        await HostCommand.RunAsync("nsenter", [.. RealEngine.InNamespace("ip", "address", "add", Address + "/32", "dev", "lo")], CancellationToken.None);
        try
        {
            var tab = await OpenAsync(await shared.GetAsync());
            var one = await StartAsync(tab, "One", 28_521);
            Assert.Equal(Network, await Docker.InspectAsync(one, "{{.HostConfig.NetworkMode}}"));
            var rules = await HostCommand.RunAsync("nsenter", [.. RealEngine.InNamespace("iptables", "-t", "nat", "-S", "POSTROUTING")], CancellationToken.None);
            Assert.Contains($"-j SNAT --to-source {Address}", rules, StringComparison.Ordinal);
            var two = await StartAsync(tab, "Two", 28_522);
            Assert.Equal(Network, await Docker.InspectAsync(two, "{{.HostConfig.NetworkMode}}"));

            await DeleteAsync(tab, two);
            Assert.Equal(Network, (await Docker.RunAsync("network", "ls", "--filter", $"name={Network}", "--format", "{{.Name}}")).Trim());
            await DeleteAsync(tab, one);
            await Eventually.GetAsync(() => Docker.RunAsync("network", "ls", "--filter", $"name={Network}", "--format", "{{.Name}}"), names => names.Trim().Length == 0);
        }
        finally
        {
            await HostCommand.RunAsync("nsenter", [.. RealEngine.InNamespace("ip", "address", "delete", Address + "/32", "dev", "lo")], CancellationToken.None);
        }
    }

    private static async Task<string> StartAsync(Tab tab, string name, int port)
    {
        var form = new CreatePage(tab);
        await tab.GoAsync("/servers/new");
        await form.FillAsync(new GameSettings { Name = name, Port = port });
        await tab.Page.GetByText("Advanced").ClickAsync();
        await tab.Page.GetByText("Send from the address of the first port").ClickAsync();
        await Assertions.Expect(tab.Page.GetByText("0.0.0.0 is none to send from")).ToBeVisibleAsync();
        await form.SetAsync("Address 1", Address);
        var page = await form.SubmitAsync();
        await page.StartAsync();
        return page.Id;
    }

    private static async Task DeleteAsync(Tab tab, string id)
    {
        await tab.GoAsync($"/servers/{id}");
        await new ServerPage(tab).DeleteAsync();
    }
}

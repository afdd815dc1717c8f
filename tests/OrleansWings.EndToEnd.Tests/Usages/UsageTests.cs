using System.Globalization;

namespace OrleansWings.EndToEnd.Tests.Usages;

public sealed class UsageTests(Browser browser) : BrowserTest(browser), IClassFixture<Browser>
{
    private const double MiB = 1024 * 1024;

    [Fact]
    public async Task Numbers_on_the_page_are_those_of_docker_stats()
    {
        var page = await CreatePage.CreateAsync(await OpenAsync(await StartProgramAsync()), new GameSettings { Name = "Measured", MemoryMiB = "256" });
        await page.StartAsync();
        await page.SendAsync("hold 64");
        await page.WaitForLineAsync("holding 64");
        await page.SendAsync("run dd if=/dev/zero of=/home/container/file bs=1M count=16 conv=fsync");
        await page.WaitForLineAsync("run over");
        await page.SendAsync("burn");
        await page.WaitForNumberAsync("CPU", percent => percent > 5);

        var (shown, measured) = (new List<double>(), new List<double>());
        string[] stats = [];
        for (var i = 0; i < 4; i++)
        {
            shown.Add(await page.WaitForNumberAsync("CPU", percent => percent > 0));
            stats = (await Docker.RunAsync("stats", "--no-stream", "--format", "{{.CPUPerc}}|{{.MemUsage}}|{{.NetIO}}|{{.BlockIO}}|{{.PIDs}}", page.Id)).Split('|');
            measured.Add(double.Parse(stats[0].TrimEnd('%'), CultureInfo.InvariantCulture));
            shown.Add(await page.WaitForNumberAsync("CPU", percent => percent > 0));
        }

        Assert.InRange(shown.Average() - measured.Average(), -15, 15);
        var memory = await page.WaitForNumberAsync("Memory", bytes => bytes > 64 * MiB);
        var expected = ServerPage.Parse(stats[1].Split('/')[0].Trim().Replace("MiB", " MiB", StringComparison.Ordinal))!.Value;
        Assert.InRange(memory / expected, 0.95, 1.05);
        // Some kernels count nothing that goes to disks; the engine then says 0.
        var isDiskCounted = ((string[])["/sys/fs/cgroup/blkio/blkio.throttle.io_service_bytes", "/sys/fs/cgroup/io.stat"])
            .Any(file => File.Exists(file) && File.ReadAllText(file).Contains(' ') && !File.ReadAllText(file).StartsWith("Total 0", StringComparison.Ordinal));
        foreach (var (label, total) in ((string, string)[])
            [("Network in", stats[2].Split('/')[0]), ("Network out", stats[2].Split('/')[1]), ("Disk read", stats[3].Split('/')[0]), ("Disk write", stats[3].Split('/')[1])])
        {
            if (!isDiskCounted && label.StartsWith("Disk", StringComparison.Ordinal))
            {
                await Assertions.Expect(page.Total(label)).ToHaveTextAsync("not counted");
                continue;
            }

            await page.WaitForNumberAsync(label, rate => rate >= 0);
            var shownTotal = await page.Total(label).InnerTextAsync();
            var close = ParseDocker(total) * 0.05 + 1024;
            Assert.InRange(ServerPage.Parse(shownTotal.Replace(" in all", "", StringComparison.Ordinal))!.Value, ParseDocker(total) - close, ParseDocker(total) + close);
        }

        Assert.Equal(double.Parse(stats[4], CultureInfo.InvariantCulture), await page.WaitForNumberAsync("Processes", count => count > 0));
    }

    // Docker writes traffic in powers of ten: "16.8MB".
    private static double ParseDocker(string text)
    {
        var trimmed = text.Trim();
        var unit = trimmed.TrimStart("0123456789.".ToCharArray());
        return double.Parse(trimmed[..^unit.Length], CultureInfo.InvariantCulture) * unit switch { "kB" => 1e3, "MB" => 1e6, "GB" => 1e9, _ => 1 };
    }
}

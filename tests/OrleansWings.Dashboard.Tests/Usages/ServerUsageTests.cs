using Bunit;
using OrleansWings.Dashboard.DevHost.Fakes;
using OrleansWings.Servers;
using OrleansWings.Usages;
using ServerUsage = OrleansWings.Dashboard.Usages.ServerUsage;

namespace OrleansWings.Dashboard.Tests.Usages;

public sealed class ServerUsageTests : DashboardContext
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);

    public ServerUsageTests() => JSInterop.SetupModule(_ => true).SetupModule("create", _ => true).Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Render_Offline_SaysNothingOfALimit()
    {
        var usage = Open(Add("lobby"), null);
        Assert.Equal(["–", ""], Memory(usage));
        Assert.Equal("Nothing was measured lately. The charts begin when the server runs, unless its host cannot measure.", usage.Find("p.hint").TextContent);
    }

    [Theory]
    [InlineData(0, "no limit")]
    [InlineData(1 << 30, "of 1.0 GiB")]
    public void Render_Runs_SaysItsLimit(long limit, string said)
    {
        var usage = Open(Add("lobby", PowerState.Running), Sample(0) with { MemoryLimitBytes = limit });
        Assert.Equal(["5.0 MiB", said], Memory(usage));
        Assert.Equal("Collecting: the charts begin now.", usage.Find("p.hint").TextContent);
    }

    [Theory]
    [InlineData(42, "42 s", "")]
    [InlineData(3_035, "50 min", "and 35 s")]
    [InlineData(86_340, "23 h", "and 59 min")]
    public void Render_Uptime_FitsIntoItsCell(int seconds, string value, string more)
    {
        var usage = Open(Add("lobby", PowerState.Running), Sample(0) with { Uptime = TimeSpan.FromSeconds(seconds) });
        Assert.Equal([value, more], Cell(usage, "Uptime"));
    }

    [Theory]
    [InlineData(false, "0 B/s", "0 B in all")]
    [InlineData(true, "–", "not counted")]
    public void Render_KernelDoesNotCountTheDisk_SaysSoAndNotNone(bool isUncounted, string rate, string total)
    {
        var server = Add("lobby", PowerState.Running);
        server.Usages.Add(Sample(0) with { IsDiskUncounted = isUncounted });
        var usage = Open(server, Sample(1) with { IsDiskUncounted = isUncounted });
        Assert.Equal([rate, total], Cell(usage, "Disk read"));
        Assert.Equal([rate, total], Cell(usage, "Disk write"));
        Assert.Equal("0 B/s", Cell(usage, "Network in")[0]);
    }

    [Fact]
    public void Render_MeasuredForAWhile_NeedsNoWords()
    {
        var server = Add("lobby", PowerState.Running);
        server.Usages.AddRange(Enumerable.Range(0, 20).Select(Sample));
        Assert.Empty(Open(server, Sample(20)).FindAll("p.hint"));
    }

    [Theory]
    [InlineData(true, 1 << 30, 1)]
    [InlineData(true, 0, 0)]
    [InlineData(false, 1 << 30, 0)]
    public void Render_FilesThatCannotBeCounted_AreSaidWhereThereIsALimit(bool isIncomplete, long limit, int banners)
    {
        var usage = Open(Add("lobby", PowerState.Running), Sample(0) with { AreFilesIncomplete = isIncomplete, FilesLimitBytes = limit });
        Assert.Equal(banners, usage.FindAll("p.banner").Count(banner => banner.TextContent.Contains("is not counted to its disk limit", StringComparison.Ordinal)));
    }

    [Fact]
    public void Render_PastCannotBeRead_BeginsWithWhatIsLive()
    {
        var server = Add("lobby", PowerState.Running);
        server.Fault = new TimeoutException();
        Assert.Equal("5.0 MiB", Memory(Open(server, Sample(0)))[0]);
    }

    private IRenderedComponent<ServerUsage> Open(FakeServer server, UsageSample? sample)
        => Render<ServerUsage>(parameters => parameters.Add(p => p.Server, server.Id).Add(p => p.Sample, sample));

    private static UsageSample Sample(int second) => new() { At = s_at.AddSeconds(second), MemoryBytes = 5 << 20 };

    private static string[] Memory(IRenderedComponent<ServerUsage> usage) => Cell(usage, "Memory");

    private static string[] Cell(IRenderedComponent<ServerUsage> usage, string label)
        => [.. usage.FindAll(".number").Single(number => number.Children[0].TextContent == label).Children.Skip(1).Select(part => part.TextContent)];
}

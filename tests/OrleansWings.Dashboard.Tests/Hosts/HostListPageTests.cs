using Bunit;
using OrleansWings.Dashboard.Hosts;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Hosts;

public sealed class HostListPageTests : DashboardContext
{
    [Fact]
    public void Render_Host_ShowsItsFacts()
    {
        Fleet.Add(new HostSnapshot
        {
            Id = Eu1,
            ServerCount = 3,
            Facts = new HostFacts { EngineVersion = "28.5.1", ApiVersion = "1.51", OperatingSystem = "Debian", Cores = 16, MemoryBytes = 64L << 30, CgroupVersion = "2" },
        });
        var page = Render<HostListPage>();
        page.WaitForAssertion(() => Assert.Contains("28.5.1", page.Find(".host").TextContent, StringComparison.Ordinal), Wait);
        Assert.Contains("64 GiB", page.Find(".host").TextContent.Replace("64.0", "64", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostStatus.Ready, "Maintenance", "Ready")]
    [InlineData(HostStatus.Lost, "Lost", null)]
    public void Render_InMaintenance_SaysThatFirstWhereTheHostIsWell(HostStatus status, string first, string? second)
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = status, Settings = new HostSettings { Maintenance = new HostMaintenance("", TimeProvider.System.GetUtcNow()) } });
        var page = Render<HostListPage>();
        page.WaitForAssertion(() => Assert.Equal(first, page.Find(".host header .state").TextContent), Wait);
        Assert.Equal(second, page.FindAll(".host header small").SingleOrDefault()?.TextContent);
        Assert.Empty(page.FindAll(".host header .is-running"));
    }

    [Theory]
    [InlineData(3601, "Its clock is 1 h 0 min ahead of this control silo's")]
    [InlineData(-42, "Its clock is 42 s behind this control silo's")]
    public void Render_ClockIsOff_SaysHowFar(int ahead, string expected)
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Ready, ClockAhead = TimeSpan.FromSeconds(ahead) });
        var page = Render<HostListPage>();
        page.WaitForAssertion(() => Assert.Contains(expected, page.Find(".host .banner").TextContent, StringComparison.Ordinal), Wait);
    }

    [Fact]
    public void Render_Lost_SaysItOnceAndWhenItWasHeard()
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = HostStatus.Lost, LastHeardAt = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), Problem = "The cluster goes on without this host: its machine is off, or cut off." });
        var page = Render<HostListPage>();
        page.WaitForAssertion(() => Assert.Contains("Last heard at", page.Find(".host .wrong").TextContent, StringComparison.Ordinal), Wait);
        Assert.Equal(2, page.Find(".host .wrong").TextContent.Split("its machine is off").Length);
    }

    [Theory]
    [InlineData(HostStatus.EngineUnreachable, "its Docker engine does not")]
    [InlineData(HostStatus.Silent, "is silent")]
    [InlineData(HostStatus.Unknown, "has not been heard of yet")]
    public void Render_NotReady_SaysWhat(HostStatus status, string expected)
    {
        Fleet.Add(new HostSnapshot { Id = Eu1, Status = status });
        var page = Render<HostListPage>();
        page.WaitForAssertion(() => Assert.Contains(expected, page.Find(".host .wrong").TextContent, StringComparison.Ordinal), Wait);
    }
}

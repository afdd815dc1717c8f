using OrleansWings.Dashboard.Servers;
using OrleansWings.Hosts;

namespace OrleansWings.Dashboard.Tests.Servers;

public sealed class PlayerAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", "eu.example", "10.0.0.7", "games.example", "eu.example:25565")]
    [InlineData("::", "eu.example", null, null, "eu.example:25565")]
    [InlineData("0.0.0.0", null, "10.0.0.7", "games.example", "games.example:25565")]
    [InlineData("0.0.0.0", null, "10.0.0.7", null, "10.0.0.7:25565")]
    [InlineData("0.0.0.0", null, null, null, "browser.example:25565")]
    [InlineData("203.0.113.9", "eu.example", "10.0.0.7", "games.example", "203.0.113.9:25565")]
    public void Of_Port_IsTheHostsOwnBeforeAnyOther(string ip, string? ofHost, string? inFleet, string? usual, string expected)
    {
        var facts = new HostFacts { EngineVersion = "28", ApiVersion = "1.51", OperatingSystem = "Debian", CgroupVersion = "2", PublicAddress = ofHost, Address = inFleet };

        Assert.Equal(expected, PlayerAddress.Of(new(ip, 25_565), facts, usual, "browser.example"));
    }

    [Fact]
    public void Of_HostThatSaidNothing_IsTheBrowsers() => Assert.Equal("browser.example:1", PlayerAddress.Of(new("0.0.0.0", 1), null, null, "browser.example"));
}

using Microsoft.Extensions.Logging.Abstractions;
using OrleansWings.Demo;
using OrleansWings.Hosts;
using OrleansWings.Servers;
using OrleansWings.Settings;
using OrleansWings.Tests.Fakes;

namespace OrleansWings.Tests.Demo;

public sealed class DemoServerTests
{
    private readonly FakeFleet _fleet = new();

    [Fact]
    public async Task Ensure_NoDemoServer_MakesAndStartsIt()
    {
        await EnsureAsync();

        Assert.Equal(["create", "start"], _fleet.Calls);
        Assert.Equal("~orleans-wings/minetest:latest", _fleet.Servers[DemoServer.Id].Image);
    }

    [Fact]
    public async Task Ensure_SecondTime_OnlyStartsIt()
    {
        await EnsureAsync();
        _fleet.Calls.Clear();

        await EnsureAsync();

        Assert.Equal(["start"], _fleet.Calls);
    }

    [Fact]
    public async Task Ensure_DemoServerWasDeleted_BringsItBack()
    {
        await EnsureAsync();
        _fleet.Calls.Clear();
        _fleet.IsDeleted = true;

        await EnsureAsync();

        Assert.Equal(["restore", "start"], _fleet.Calls);
    }

    [Fact]
    public async Task Ensure_CreationIsRefused_StartsNothing()
    {
        _fleet.CreateAnswer = ServerResult.Refused(ServerRefusal.PortTaken, "Port 30000 is held by another.");

        await EnsureAsync();

        Assert.Equal(["create"], _fleet.Calls);
    }

    [Theory]
    [InlineData("~orleans-wings/minetest:latest", false)]
    [InlineData("example.org/minetest/minetest:5.6.1", true)]
    public void Create_Image_IsAValidSpecAndOnlyAStrangersImageNeedsACommand(string image, bool hasCommand)
    {
        var spec = DemoSpec.Create(image);

        Assert.Empty(ServerSpecValidator.Validate(spec));
        Assert.Equal(hasCommand, !spec.Command.IsEmpty);
        // The box on the page must not take what nothing reads without a word.
        Assert.Equal(hasCommand, spec.Command.Any(argument => argument.Contains("reads no commands here", StringComparison.Ordinal)));
    }

    private Task EnsureAsync()
    {
        var options = new WingsOptions { DataFolder = "/none", DefaultHost = new HostId("here") };
        return new DemoServer(_fleet, null!, options, NullLogger<DemoServer>.Instance).EnsureAsync();
    }
}

using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>Another machine comes under a name that is taken.</summary>
public sealed class TwinTests
{
    [Fact]
    public async Task A_second_machine_with_a_hosts_name_is_refused_and_the_first_goes_on()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var server = await fleet.RunServerAsync("h1", "mine");

        await using var twin = fleet.MakeTwin("h1");
        Assert.Equal(1, await twin.RunToItsEndAsync());

        Assert.Contains("WINGS_HOST: another machine of this fleet has the name 'h1'. Give this one a name of its own.", twin.Output, StringComparison.Ordinal);
        await FleetRun.WaitForAsync(server, PowerState.Running);
        Assert.True((await server.SendCommandAsync("hello")).IsAccepted);
    }
}

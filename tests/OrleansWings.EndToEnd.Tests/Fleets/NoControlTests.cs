using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>Panel code calls while no control process is there, and a host joins before the first one does.</summary>
public sealed class NoControlTests
{
    [Fact]
    public async Task Panel_code_is_refused_in_words_and_goes_on_when_one_is_back()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 1, controls: 1);
        var server = await fleet.RunServerAsync("h1", "alone");
        await fleet["c1"].KillAsync();

        // From the first call after the loss to those that find no gateway at all: none is thrown at the caller.
        var answers = new List<ServerResult>();
        await Eventually.GetAsync(async () =>
        {
            answers.AddRange([await server.SendCommandAsync("hello"), await server.UpdateAsync(FleetRun.Game("alone", "h1")), await fleet.Fleet.GetHost(new("h1")).BeginMaintenanceAsync("")]);
            return answers[^1];
        }, answer => answer.Refusal == ServerRefusal.FleetUnreachable);
        Assert.All(answers, answer => Assert.Contains(answer.Refusal, (ServerRefusal[])[ServerRefusal.FleetUnreachable, ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown]));

        await fleet["c1"].LaunchAsync();
        await Eventually.GetAsync(() => server.SendCommandAsync("hello"), answer => answer.IsAccepted);
    }

    [Fact]
    public async Task A_host_that_joins_before_the_first_control_waits_without_a_fault()
    {
        await using var fleet = await FleetRun.StartAsync(hosts: 0, controls: 0);
        var host = await fleet.AddAsync("host", "h1");
        await host.LaunchAsync();
        await Eventually.TrueAsync(() => host.Output.Contains("No control silo is in the cluster", StringComparison.Ordinal));

        await (await fleet.AddAsync("control", "c1")).LaunchAsync();
        await host.WaitUntilReadyAsync();

        Assert.DoesNotContain("Could not find an implementation", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("The host failed at", host.Output, StringComparison.Ordinal);
    }
}

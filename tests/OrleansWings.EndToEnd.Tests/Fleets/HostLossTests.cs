using OrleansWings.Servers;

namespace OrleansWings.EndToEnd.Tests.Fleets;

/// <summary>A host of a fleet is lost in each of the ways there are: its servers go on, callers are told, everybody else notices nothing.</summary>
public sealed class HostLossTests : IAsyncLifetime
{
    private FleetRun _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await FleetRun.StartAsync(hosts: 2, controls: 2);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Killed_and_started_again_it_finds_its_servers_as_they_were()
    {
        var server = await _fleet.RunServerAsync("h1", "kept");
        await _fleet["h1"].KillAsync();

        Assert.Contains((await server.StopAsync()).Refusal, (ServerRefusal?[])[ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown]);

        await _fleet["h1"].LaunchAsync();
        var snapshot = await FleetRun.WaitForAsync(server, PowerState.Running);
        Assert.Equal(1, snapshot.Run);
        // Its console is being attached again.
        await Eventually.GetAsync(() => server.SendCommandAsync("hello"), sent => sent.IsAccepted);
        await Eventually.GetAsync(() => server.ReadLogAsync(10), lines => lines.Any(line => line.Contains("Unknown command: hello", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Hung_it_is_said_and_holds_up_nobody_else()
    {
        var hung = await _fleet.RunServerAsync("h1", "hung");
        var other = await _fleet.RunServerAsync("h2", "other");
        await _fleet["h1"].FreezeAsync();

        var refused = hung.StopAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(PowerState.Running, (await other.GetSnapshotAsync())!.State);
            // An id that nobody asked for before: where its record is has to be found, and a third of them would be with the hung host.
            Assert.Equal(ServerRefusal.NotFound, (await _fleet.Fleet.GetServer(ServerId.New()).StartAsync()).Refusal);
            await Task.Delay(50);
        }

        Assert.Contains((await refused).Refusal, (ServerRefusal?[])[ServerRefusal.HostUnreachable, ServerRefusal.OutcomeUnknown]);

        await _fleet["h1"].ThawAsync();
        await Eventually.GetAsync(hung.GetSnapshotAsync, snapshot => snapshot is { IsReachable: true });
    }
}

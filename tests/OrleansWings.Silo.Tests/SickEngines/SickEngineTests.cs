using OrleansWings.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.SickEngines;

/// <summary>
/// A real engine that fails in the middle of a call: whatever the call and whatever the fault, there is an outcome that a person can read, within a
/// bounded time; once the engine is well the server can be started, stopped, killed and deleted, and nothing is left behind.
/// </summary>
[Trait("Needs", "Docker")]
public sealed class SickEngineTests(SickEngineRuns runs) : IClassFixture<SickEngineRuns>
{
    public static TheoryData<string, EngineFault> Cases
    {
        get
        {
            var cases = new TheoryData<string, EngineFault>();
            foreach (var call in SickCall.All)
            {
                foreach (var fault in call.Faults)
                    cases.Add(call.Name, fault);
            }

            return cases;
        }
    }

    public static TheoryData<string> Calls => [.. SickCall.All.Select(call => call.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Fault_InACall_HasAnOutcomeForAPerson(string call, EngineFault fault) => runs.RunAsync(call, fault);

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Server_AfterEveryFaultOfACall_LivesOnAndLeavesNothing(string call) => runs.RunAsync(call, null);

    [Fact]
    public async Task Delay_OfEveryCall_IsALifeAsAnyOther()
    {
        RealEngine.Require();
        await using var host = await SickHost.OpenAsync();
        var rule = host.Proxy.All(EngineFault.Delay, "");
        await host.StartAsync();
        await host.LiveOnAndDieAsync();
        Assert.True(rule.Hits > 20, $"Only {rule.Hits} calls were delayed.");
        Assert.Equal(PowerState.Offline, host.Worker.State.Power);
    }
}

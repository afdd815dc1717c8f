using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The thirty seconds of attach and start on a real engine that does not answer to the one or the other; they pass by the clock of the test.</summary>
[Trait("Needs", "Docker")]
public sealed class ServerStartTimeOnEngineTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("/attach?")]
    [InlineData("/start")]
    public async Task Call_ThatTheEngineNeverSees_IsGivenUpInTimeAndTheServerIsStartedAgain(string call)
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = "none" }, new DockerContainerEngine(proxy.Address), _time);
        await BeginAsync(host, proxy.Next(EngineFault.Silence, "POST", call));

        await host.UntilAsync(() => host.Worker.State.Power == PowerState.Offline, "the start's end");
        Assert.Equal("Attaching and starting took longer than 30 seconds.", host.Worker.State.Problem?.Message);
        Assert.Equal("created", await host.Docker.StatusAsync(host.Name));

        await host.StartAsync();
        Assert.Null(host.Worker.State.Problem);
        Assert.Equal("running", await host.Docker.StatusAsync(host.Name));
        await host.UntilAsync(() => host.Worker.Console.ReadText(20).Any(line => line.StartsWith("Done (", StringComparison.Ordinal)), "what the game says");
    }

    [Fact]
    public async Task Start_ThatWasDoneThoughItsAnswerNeverCame_IsRunningAndNotGivenUp()
    {
        await using var proxy = new EngineProxy(RealEngine.Require());
        await using var host = await HostOnEngine.OpenAsync(new DockerHostOptions { Network = "none" }, new DockerContainerEngine(proxy.Address), _time);
        await BeginAsync(host, proxy.Next(EngineFault.Swallow, "POST", "/start"));

        // Joining what the game has said meanwhile waits by the clock, too.
        await host.UntilAsync(() => PassAMoment() && host.Worker.State.Power is (PowerState.Running or PowerState.Offline), "the start's end");
        Assert.Equal((PowerState.Running, null, 1), (host.Worker.State.Power, host.Worker.State.Problem?.Message, host.Worker.State.Run));
        Assert.Equal("running", await host.Docker.StatusAsync(host.Name));
    }

    private bool PassAMoment()
    {
        _time.Advance(TimeSpan.FromMilliseconds(20));
        return true;
    }

    private async Task BeginAsync(HostOnEngine host, EngineFaultRule fault)
    {
        await host.Program.AddAsync(HostOnEngine.Game);
        Assert.True((await host.Program.AskAsync(PowerAction.Start)).IsAccepted);
        await fault.Reached;
        for (var tries = 0; fault.Fault == EngineFault.Swallow && await host.Docker.StatusAsync(host.Name) != "running"; tries++)
        {
            Assert.True(tries < 600, "The engine did not start it in a minute.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        _time.Advance(TimeSpan.FromSeconds(30));
    }
}

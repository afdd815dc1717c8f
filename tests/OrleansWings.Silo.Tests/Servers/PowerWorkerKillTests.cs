using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>Kill passes in every phase, whatever the server or the engine is busy with.</summary>
public sealed class PowerWorkerKillTests : HostProgramTests
{
    [Fact]
    public async Task Kill_WhileAPullWaits_EndsThisWaitOnly()
    {
        var gate = new TaskCompletionSource();
        _engine.AddRemoteImage("big/game:1", new FakePull { Gate = gate.Task });
        var other = ServerId.New();
        await _program.AddAsync(HostProgram.Game with { Image = "big/game:1" });
        var second = (await _program.Servers.AssignAsync(ServerSamples.Assignment with { Server = other, Spec = HostProgram.Game with { Image = "big/game:1" } }))!;
        await _program.AskAsync(PowerAction.Start);
        await second.RequestAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _program.Worker.GetSnapshot().Progress is not null && second.GetSnapshot().Progress is not null, "both waits");

        Assert.True((await _program.AskAsync(PowerAction.Kill)).IsAccepted);

        await _program.UntilAsync(PowerState.Offline);
        gate.SetResult();
        await HostProgram.UntilAsync(() => second.State.Power == PowerState.Running, "the other server");
        Assert.Single(_engine.Calls, call => call == "pull big/game:1");
        Assert.Null(_engine.Find(ServerSamples.Id.ToString()));
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("network")]
    [InlineData("create")]
    [InlineData("attach")]
    [InlineData("start")]
    public async Task Kill_AtEachStepOfAStart_LeavesNoProcess(string step)
    {
        await _program.AddAsync();
        var kill = new TaskCompletionSource<Task<ServerResult>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var presses = 0;
        _engine.Fault = (call, _) =>
        {
            // Once: the kill's own looks come by here too.
            if (call == step && Interlocked.Exchange(ref presses, 1) == 0)
                kill.SetResult(_program.AskAsync(PowerAction.Kill));
            return null;
        };

        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);

        Assert.True((await await kill.Task).IsAccepted);
        await _program.UntilAsync(PowerState.Offline);
        Assert.NotEqual(true, _engine.Find(ServerSamples.Id.ToString())?.IsRunning);
        await AssertStartsAsync();
    }

    [Theory]
    [InlineData(PowerState.Starting)]
    [InlineData(PowerState.Running)]
    [InlineData(PowerState.Stopping)]
    public async Task Kill_OfAProcessThatIgnoresEverything_EndsIt(PowerState phase)
    {
        _engine.Program = async terminal =>
        {
            terminal.OnSignal = _ => null;
            await terminal.WriteLineAsync(phase == PowerState.Starting ? "Loading" : "Done (");
            await terminal.DelayAsync(TimeSpan.FromHours(1));
            return 0;
        };
        await _program.AddAsync();
        await _program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _program.Worker.State.HasProcess && (phase == PowerState.Starting || _program.Worker.State.Power == PowerState.Running), "the phase");
        if (phase == PowerState.Stopping)
            await _program.AskAsync(PowerAction.Stop);
        Assert.Equal(phase, _program.Worker.State.Power);

        await _program.AskAsync(PowerAction.Kill);

        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal(137, _program.Worker.State.LastExit!.Code);
    }

    [Fact]
    public async Task Kill_WhileTheEngineIsAway_IsAcceptedSaidAndDoneWhenItIsBack()
    {
        await _program.AddAsync();
        await StartAsync();
        _engine.IsAway = true;

        Assert.True((await _program.AskAsync(PowerAction.Kill)).IsAccepted);

        await HostProgram.UntilAsync(() => _program.Worker.GetSnapshot().Activity is { } text && text.Contains("The kill is repeated", StringComparison.Ordinal), "the word about it");
        Assert.Equal(PowerState.Stopping, _program.Worker.State.Power);
        await HostProgram.UntilAsync(() => !_program.Worker.GetSnapshot().IsReachable, "the watch");
        _engine.IsAway = false;
        await _program.UntilAsync(PowerState.Offline);
        await HostProgram.UntilAsync(() => _program.Worker.GetSnapshot().Activity is null, "the end of the kill's word");
    }

    [Fact]
    public async Task Kill_WhileTheEngineHangs_IsAcceptedAtOnceAndDoneAfterwards()
    {
        await using var engine = new FakeContainerEngine(timeouts: new EngineTimeouts { Call = TimeSpan.FromMilliseconds(200), Change = TimeSpan.FromMilliseconds(300) });
        using var folder = new TempFolder();
        await using var program = new HostProgram(folder.Path, engine);
        await program.ResumedAsync();
        await program.AddAsync();
        await program.AskAsync(PowerAction.Start);
        await program.UntilAsync(PowerState.Running);
        engine.IsHung = true;

        Assert.True((await program.AskAsync(PowerAction.Kill)).IsAccepted);
        Assert.Equal(PowerState.Stopping, program.Worker.State.Power);
        await HostProgram.UntilAsync(() => program.Worker.GetSnapshot().Activity is not null, "the word about it");

        engine.IsHung = false;
        await program.UntilAsync(PowerState.Offline);
    }

    [Fact]
    public async Task Kill_ThenStartAtOnce_NeverHitsTheNextRun()
    {
        await _program.AddAsync(HostProgram.Game with { DoneLines = [] });
        for (var round = 0; round < 50; round++)
        {
            await StartAsync();
            await Task.WhenAll(_program.AskAsync(PowerAction.Kill), _program.AskAsync(PowerAction.Kill), _program.AskAsync(PowerAction.Kill));
            await _program.UntilAsync(PowerState.Offline);
            Assert.True((await _program.AskAsync(PowerAction.Kill)).IsAccepted);
        }

        await AssertStartsAsync();
        var run = _program.Worker.State.Run;
        var looks = _engine.Calls.Count;
        await HostProgram.UntilAsync(() => _program.Watch.IsReachable && _engine.Calls.Count >= looks, "the end");
        Assert.Equal((PowerState.Running, run), (_program.Worker.State.Power, _program.Worker.State.Run));
    }

    private async Task AssertStartsAsync()
    {
        _engine.Fault = null;
        await StartAsync();
        Assert.True(_engine.Find(ServerSamples.Id.ToString())!.IsRunning);
        Assert.Single(_engine.Containers);
    }

    private async Task StartAsync()
    {
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
    }
}

using System.Diagnostics;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The engine goes away, answers badly, or is worked on by others.</summary>
public sealed class PowerWorkerEngineTests : HostProgramTests
{
    private FakeContainer? Container => _engine.Find(ServerSamples.Id.ToString());

    [Theory]
    [InlineData("inspect")]
    [InlineData("network")]
    [InlineData("create")]
    [InlineData("attach")]
    [InlineData("start")]
    public async Task EngineAway_AtEachStepOfAStart_GoesOnWhenItIsBack(string step)
    {
        await _program.AddAsync();
        var gone = new TaskCompletionSource();
        _engine.Fault = (call, _) =>
        {
            if (call != step || gone.Task.IsCompleted)
                return null;
            _engine.IsAway = true;
            gone.SetResult();
            return new EngineUnreachableException("The line was cut.");
        };

        await _program.AskAsync(PowerAction.Start);
        await gone.Task;
        await HostProgram.UntilAsync(() => !_program.Watch.IsReachable, "the watch");
        Assert.Equal(PowerState.Starting, _program.Worker.State.Power);
        Assert.False(_program.Worker.GetSnapshot().IsReachable);

        _engine.IsAway = false;
        await _program.UntilAsync(PowerState.Running);
        Assert.Single(_engine.Containers);
    }

    [Fact]
    public async Task Stop_OfAStartWhoseEngineWentAwayWithTheStart_EndsWhatItMadeOfIt()
    {
        await _program.AddAsync(HostProgram.Game with { DoneLines = [] });
        var sent = new TaskCompletionSource();
        _engine.Fault = (call, what) =>
        {
            if (call != "start" || sent.Task.IsCompleted)
                return null;
            // The engine does it, and its answer is lost with the line.
            sent.SetResult();
            var started = _engine.StartAsync(what, CancellationToken.None);
            Debug.Assert(started.IsCompletedSuccessfully);
            _engine.IsAway = true;
            return new EngineUnreachableException("The line was cut.");
        };
        await _program.AskAsync(PowerAction.Start);
        await sent.Task;
        await HostProgram.UntilAsync(() => !_program.Watch.IsReachable, "the watch");

        Assert.True((await _program.AskAsync(PowerAction.Stop)).IsAccepted);
        Assert.Equal(PowerState.Stopping, _program.Worker.State.Power);
        _engine.IsAway = false;

        await _program.UntilAsync(PowerState.Offline);
        Assert.False(Container!.IsRunning);
        Assert.False(_program.Worker.State.IsWanted);
    }

    [Fact]
    public async Task StartOfAnUnreachableEngine_IsRefusedWithReason()
    {
        await _program.AddAsync();
        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !_program.Watch.IsReachable, "the watch");

        var refused = await _program.AskAsync(PowerAction.Start);

        Assert.Equal(ServerRefusal.EngineUnreachable, refused.Refusal);
        Assert.StartsWith("The server cannot be started now. ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineAway_WhileTheServerRuns_IsShownAtOnceAndNothingEnds()
    {
        await _program.AddAsync();
        await StartAsync();

        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !_program.Worker.GetSnapshot().IsReachable, "the picture");
        _engine.IsAway = false;

        await HostProgram.UntilAsync(() => _program.Watch.IsReachable, "the watch");
        await _program.SendAsync("hello");
        Assert.Equal((PowerState.Running, 1), (_program.Worker.State.Power, _program.Worker.State.Run));
        await HostProgram.UntilAsync(() => _program.Worker.Console.ReadText(50).Contains("Unknown command: hello "), "the answer");
    }

    [Fact]
    public async Task Exit_WhileTheEngineIsAway_IsToldAsUnattended()
    {
        var crash = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Done (");
            await crash.Task;
            return 4;
        };
        await _program.AddAsync(HostProgram.Game with { RestartOnCrash = false });
        await StartAsync();
        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !_program.Watch.IsReachable, "the watch");
        crash.SetResult();
        await Container!.Exited;

        _engine.IsAway = false;

        await _program.UntilAsync(PowerState.Offline);
        Assert.StartsWith("The server's process ended by itself while OrleansWings or the engine was not running: exit code 4.", _program.Worker.State.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_WhoseInspectFails_IsLookedAtAgain()
    {
        await _program.AddAsync(HostProgram.Game with { RestartOnCrash = false });
        await StartAsync();
        var fails = 6;
        _engine.Fault = (call, _) => call is "inspect" && Interlocked.Decrement(ref fails) >= 0 ? new EngineUnreachableException("No answer in time.") : null;

        await _program.Worker.SendCommandAsync("crash 5", CancellationToken.None);

        await _program.UntilAsync(PowerState.Offline);
        Assert.True(_program.Watch.IsReachable);
        Assert.Equal(5, _program.Worker.State.LastExit!.Code);
    }

    [Fact]
    public async Task Start_WhoseCreateWasDoneThoughItFailed_FindsItAndGoesOn()
    {
        await _program.AddAsync();
        var isFirst = true;
        _engine.Fault = (call, _) =>
        {
            if (call != "create" || !isFirst)
                return null;
            isFirst = false;
            var spec = new ContainerSpec
            {
                Name = ServerSamples.Id.ToString(),
                Image = FakeContainerEngine.TestImage,
                Labels = new Dictionary<string, string> { ["orleanswings.cluster"] = _program.Cluster.Known!.Value.ToString("D") },
            };
            var made = _engine.CreateAsync(spec, CancellationToken.None);
            Debug.Assert(made.IsCompletedSuccessfully);
            return null;
        };

        await StartAsync();

        Assert.Single(_engine.Containers);
    }

    [Fact]
    public async Task Container_KilledByAStranger_IsACrash()
    {
        await _program.AddAsync();
        await StartAsync();

        await _engine.KillAsync(ServerSamples.Id.ToString(), "SIGKILL", CancellationToken.None);

        await HostProgram.UntilAsync(() => _program.Worker.State is { Run: 2, Power: PowerState.Running }, "the second run");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(PowerAction.Restart)] // which the engine did not hear of before it was another one
    public async Task Container_MissingOnAnotherEngine_IsNotStartedThere_WhateverWasAsked(PowerAction? asked)
    {
        await _program.AddAsync(HostProgram.Game with { RestartOnCrash = true, Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGTERM" } });
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
        _engine.Fault = (call, _) => call == "kill" ? new EngineException("not now") : null;
        if (asked is { } action)
            Assert.True((await _program.AskAsync(action)).IsAccepted);

        // What the watch knows is older.
        _engine.Facts = _engine.Facts with { Id = "ANOTHER" };
        await _engine.RemoveAsync(ServerSamples.Id.ToString(), force: true, CancellationToken.None);

        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal(PowerStateMachine.OtherEngine, _program.Worker.State.Problem!.Message);
        Assert.Empty(_engine.Containers);
    }

    [Fact]
    public async Task Container_RemovedByAStranger_IsToldSo()
    {
        await _program.AddAsync(HostProgram.Game with { RestartOnCrash = false });
        await StartAsync();

        await _engine.RemoveAsync(ServerSamples.Id.ToString(), force: true, CancellationToken.None);

        await _program.UntilAsync(PowerState.Offline);
        Assert.NotNull(_program.Worker.State.Problem);
    }

    [Fact]
    public async Task Container_PausedByAStranger_IsShownUntilItGoesOn()
    {
        await _program.AddAsync();
        await StartAsync();

        _engine.SetPaused(ServerSamples.Id.ToString(), true);
        await HostProgram.UntilAsync(() => _program.Worker.GetSnapshot().IsPaused, "the pause");
        Assert.Equal(PowerState.Running, _program.Worker.State.Power);
        _engine.SetPaused(ServerSamples.Id.ToString(), false);
        await HostProgram.UntilAsync(() => !_program.Worker.GetSnapshot().IsPaused, "its end");

        _engine.SetPaused(ServerSamples.Id.ToString(), true);
        await HostProgram.UntilAsync(() => _program.Worker.GetSnapshot().IsPaused, "the pause");
        await _program.AskAsync(PowerAction.Kill);
        await _program.UntilAsync(PowerState.Offline);
        Assert.False(_program.Worker.GetSnapshot().IsPaused);
    }

    [Fact]
    public async Task Container_RenamedByAStranger_GetsItsNameBackAndIsTheServerStill()
    {
        await _program.AddAsync();
        await StartAsync();
        var game = Container!;

        await _engine.RenameAsync(ServerSamples.Id.ToString(), "mine", CancellationToken.None);

        await HostProgram.UntilAsync(() => Container == game, "its name");
        Assert.Equal((PowerState.Running, 1), (_program.Worker.State.Power, _program.Worker.State.Run));
        Assert.True((await _program.AskAsync(PowerAction.Stop)).IsAccepted);
        await _program.UntilAsync(PowerState.Offline);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Container_RenamedWhileNobodyLooked_IsNotStartedASecondTime(bool isEnded)
    {
        await _program.AddAsync();
        await StartAsync();
        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !_program.Watch.IsReachable, "the watch");
        _engine.IsAway = false;
        _engine.Fault = (call, _) => call == "inspect" ? new EngineUnreachableException("Not yet.") : null;
        await _engine.RenameAsync(ServerSamples.Id.ToString(), "mine", CancellationToken.None);
        _engine.Fault = null;
        await HostProgram.UntilAsync(() => _program.Watch.IsReachable, "the watch");

        if (isEnded)
        {
            Assert.True((await _program.AskAsync(PowerAction.Kill)).IsAccepted);
            await _program.UntilAsync(PowerState.Offline);
            await _engine.RenameAsync(ServerSamples.Id.ToString(), "mine", CancellationToken.None);
            await StartAsync();
        }

        Assert.Single(_engine.Containers);
        Assert.Equal(PowerState.Running, _program.Worker.State.Power);
    }

    [Fact]
    public async Task Container_StartedByAStranger_IsShownAsRunning()
    {
        await _program.AddAsync();
        await StartAsync();
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);

        await _engine.StartAsync(ServerSamples.Id.ToString(), CancellationToken.None);

        await _program.UntilAsync(PowerState.Running);
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);
    }

    private async Task StartAsync()
    {
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
    }
}

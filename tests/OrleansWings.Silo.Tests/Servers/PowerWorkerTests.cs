using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>The worker on an engine in memory: the ways a server starts and stops.</summary>
public sealed class PowerWorkerTests : HostProgramTests
{
    private FakeContainer Container => _engine.Find(ServerSamples.Id.ToString())!;

    [Fact]
    public async Task Start_WithADoneLine_RunsWhenItIsSeen()
    {
        var up = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            await terminal.WriteLineAsync("Loading");
            await up.Task;
            await terminal.WriteAsync("\e[32mDone\e[0m (1s)!\r\n");
            await terminal.ReadLineAsync();
            return 0;
        };
        await _program.AddAsync();

        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await HostProgram.UntilAsync(() => _program.Worker.State.HasProcess, "the process");
        Assert.Equal(PowerState.Starting, _program.Worker.State.Power);
        Assert.Equal(ServerRefusal.AlreadyStarting, (await _program.AskAsync(PowerAction.Start)).Refusal);

        up.SetResult();
        await _program.UntilAsync(PowerState.Running);
        Assert.Equal(ServerRefusal.AlreadyRunning, (await _program.AskAsync(PowerAction.Start)).Refusal);
        Assert.Single(_engine.Calls, call => call.StartsWith("start ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithoutADoneLine_RunsAsSoonAsTheProcessDoes()
    {
        await _program.AddAsync(HostProgram.Game with { DoneLines = [] });

        await _program.AskAsync(PowerAction.Start);

        await _program.UntilAsync(PowerState.Running);
        Assert.True(Container.IsRunning);
    }

    [Theory]
    [InlineData(StopKind.Command, "stop", 0)]
    [InlineData(StopKind.Signal, "SIGINT", 130)]
    [InlineData(StopKind.Signal, "^C", 130)]
    [InlineData(StopKind.Native, "", 143)]
    public async Task Stop_ByEachRule_IsOfflineAfterTheRealExit(StopKind kind, string value, int code)
    {
        await _program.AddAsync(HostProgram.Game with { Stop = new StopRule { Kind = kind, Value = value } });
        await StartAsync();
        var wasRunningWhenOffline = false;
        _program.Worker.Changed += snapshot => wasRunningWhenOffline |= snapshot.State == PowerState.Offline && Container.IsRunning;

        Assert.True((await _program.AskAsync(PowerAction.Stop)).IsAccepted);

        await _program.UntilAsync(PowerState.Offline);
        Assert.False(wasRunningWhenOffline);
        Assert.Equal((code, true), (_program.Worker.State.LastExit!.Code, _program.Worker.State.LastExit.WasAskedFor));
    }

    [Fact]
    public async Task Stop_OfAGameThatDoesNotListen_EndsInAKillAtTheDeadline()
    {
        await _program.AddAsync(HostProgram.Game with { Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGTERM", Grace = TimeSpan.FromSeconds(1) } });
        await StartAsync();
        await _program.Worker.SendCommandAsync("ignore", CancellationToken.None);
        await HostProgram.UntilAsync(() => _program.Worker.Console.ReadText(50).Contains("ignoring signals"), "the game's word");

        await _program.AskAsync(PowerAction.Stop);

        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal(137, _program.Worker.State.LastExit!.Code);
        Assert.Contains(_program.Worker.Console.ReadText(50), line => line.Contains("and is killed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WhileTheStreamHasEndedAndTheProcessGoesOn_IsNotOfflineYet()
    {
        var end = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            terminal.OnSignal = _ => null;
            await terminal.WriteLineAsync("Done (");
            await end.Task;
            return 0;
        };
        await _program.AddAsync();
        await StartAsync();

        await _program.AskAsync(PowerAction.Stop);
        var looks = _engine.Calls.Count(IsInspect);
        _engine.IsAway = true;
        _engine.IsAway = false;
        await HostProgram.UntilAsync(() => _program.Worker.Console.IsAttached && _engine.Calls.Count(IsInspect) > looks, "the console again");

        Assert.Equal(PowerState.Stopping, _program.Worker.State.Power);
        end.SetResult();
        await _program.UntilAsync(PowerState.Offline);

        static bool IsInspect(string call) => call.StartsWith("inspect ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crash_OfARunningServer_IsStartedAgainOnce()
    {
        await _program.AddAsync();
        await StartAsync();

        await _program.Worker.SendCommandAsync("crash 3", CancellationToken.None);
        await HostProgram.UntilAsync(() => _program.Worker.State is { Run: 2, Power: PowerState.Running }, "the second run");
        Assert.Equal((3, false), (_program.Worker.State.LastExit!.Code, _program.Worker.State.LastExit.WasAskedFor));

        await _program.Worker.SendCommandAsync("crash", CancellationToken.None);
        await _program.UntilAsync(PowerState.Offline);
        Assert.Equal(2, _program.Worker.State.Run);
        Assert.Contains("less than 60 seconds after the last crash", _program.Worker.State.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutOfMemory_OfARunningServer_IsToldAsWhatItIs()
    {
        await _program.AddAsync(HostProgram.Game with { RestartOnCrash = false });
        await StartAsync();

        await _program.Worker.SendCommandAsync("oom", CancellationToken.None);

        await _program.UntilAsync(PowerState.Offline);
        Assert.Contains("for want of memory", _program.Worker.State.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopCommand_TypedByHand_IsAStopAndNoCrash()
    {
        await _program.AddAsync();
        await StartAsync();

        Assert.True((await _program.Worker.SendCommandAsync("stop", CancellationToken.None)).IsAccepted);

        await _program.UntilAsync(PowerState.Offline);
        Assert.True(_program.Worker.State.LastExit!.WasAskedFor);
        Assert.Null(_program.Worker.State.Problem);
    }

    [Fact]
    public async Task Restart_OfARunningServer_RunsAgain()
    {
        await _program.AddAsync();
        await StartAsync();

        Assert.True((await _program.AskAsync(PowerAction.Restart)).IsAccepted);

        await HostProgram.UntilAsync(() => _program.Worker.State is { Run: 2, Power: PowerState.Running }, "the second run");
    }

    [Fact]
    public async Task Start_OfAMissingImage_SaysSoAndIsOffline()
    {
        await _program.AddAsync(HostProgram.Game with { Image = "nowhere/game:1" });

        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);

        await HostProgram.UntilAsync(() => _program.Worker.State.Problem is not null, "the problem");
        Assert.Equal(PowerState.Offline, _program.Worker.State.Power);
        Assert.Equal("The image nowhere/game:1 could not be pulled: the registry has no such image or tag.", _program.Worker.State.Problem!.Message);
        // Said after it was written down.
        await HostProgram.UntilAsync(() => _program.Worker.Console.ReadText(50).Any(line => line.Contains("The server could not be started: The image nowhere/game:1", StringComparison.Ordinal)), "the word about it");
    }

    [Fact]
    public async Task Start_WhenAStrangerHoldsThePort_NamesIt()
    {
        _engine.TakePort("0.0.0.0", 4000);
        await _program.AddAsync(HostProgram.Game with { Ports = [new("0.0.0.0", 4000)] });

        await _program.AskAsync(PowerAction.Start);

        await HostProgram.UntilAsync(() => _program.Worker.State.Problem is not null, "the problem");
        Assert.StartsWith("Port 0.0.0.0:4000 is in use on this host by another program.", _program.Worker.State.Problem!.Message, StringComparison.Ordinal);
        _engine.FreePort("0.0.0.0", 4000);
        await StartAsync();
    }

    [Fact]
    public async Task StartAndKill_WhenAStrangersContainerHasTheName_LeaveItAlone()
    {
        await _program.AddAsync();
        await _engine.CreateAsync(new ContainerSpec { Name = ServerSamples.Id.ToString(), Image = FakeContainerEngine.TestImage }, CancellationToken.None);
        await _engine.StartAsync(ServerSamples.Id.ToString(), CancellationToken.None);

        await _program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _program.Worker.State.Problem is not null, "the problem");
        var looks = _engine.Calls.Count;
        await _program.AskAsync(PowerAction.Kill);
        await HostProgram.UntilAsync(() => _engine.Calls.Skip(looks).Count(call => call.StartsWith("inspect ", StringComparison.Ordinal)) >= 2, "the kill's looks");

        Assert.Contains("belongs to somebody else", _program.Worker.State.Problem!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_engine.Calls, call => call.StartsWith("kill ", StringComparison.Ordinal) || call.StartsWith("remove ", StringComparison.Ordinal));
        Assert.True(Container.IsRunning);
    }

    [Fact]
    public async Task Look_WhenAnotherInstallationsContainerHasTheNameAndTheRun_IsNotOurs()
    {
        await _program.AddAsync();
        await _engine.CreateAsync(
            new ContainerSpec
            {
                Name = ServerSamples.Id.ToString(),
                Image = FakeContainerEngine.TestImage,
                Labels = new Dictionary<string, string>
                {
                    ["orleanswings.cluster"] = Guid.NewGuid().ToString("D"),
                    ["orleanswings.server-id"] = ServerSamples.Id.ToString(),
                    ["orleanswings.run"] = "1",
                },
            },
            CancellationToken.None);
        await _engine.StartAsync(ServerSamples.Id.ToString(), CancellationToken.None);
        await _program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _program.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the problem");
        Assert.Equal(1, _program.Worker.State.Run);

        Assert.True(await _program.Worker.LookAsync(wasUnattended: true));

        Assert.Equal((PowerState.Offline, false, false), (_program.Worker.State.Power, _program.Worker.State.HasProcess, _program.Worker.Console.IsAttached));
    }

    [Fact]
    public async Task Command_ToAStoppedServer_IsRefused()
    {
        await _program.AddAsync();

        var refused = await _program.Worker.SendCommandAsync("help", CancellationToken.None);

        Assert.Equal((ServerRefusal.NotRunning, "The server is offline: there is no process to read the command."), (refused.Refusal, refused.Message));
        Assert.Equal(ServerRefusal.Invalid, (await _program.Worker.SendCommandAsync("a\nb", CancellationToken.None)).Refusal);
    }

    private async Task StartAsync()
    {
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
    }
}

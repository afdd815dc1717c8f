using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Hosts;
using OrleansWings.Silo.Tests.SickEngines;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>What is shown while something is tried again, and what is left when a try was cut off in the middle.</summary>
public sealed class PowerWorkerRetryTests : HostProgramTests
{
    private const string Network = "ip-203-0-113-7";

    public PowerWorkerRetryTests()
        : base(new HurriedTime(10), _ => new DockerHostOptions { StartPatience = TimeSpan.FromTicks(1) })
    {
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartWhoseAnswerIsCutAfterTheServerWasStopped_IsNotDoneOnceMore(bool isDeleted)
    {
        var (over, isFirst) = (new TaskCompletionSource(), true);
        _engine.Fault = (call, container) =>
        {
            if (call != "start" || !isFirst)
                return null;
            isFirst = false;
            _engine.StartAsync(container, CancellationToken.None).GetAwaiter().GetResult();
            over.Task.GetAwaiter().GetResult();
            return new EngineUnreachableException("The line was cut.");
        };
        await _program.AddAsync();
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);
        if (isDeleted)
        {
            await _program.AddAsync(version: 2, isDeleted: true);
            await HostProgram.UntilAsync(() => _program.Worker.State.DeletedVersion == 2, "the deletion");
        }

        over.SetResult();
        if (isDeleted)
            await _program.AddAsync(version: 3);
        // It waits for the first start's end.
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);

        Assert.Equal(2, _program.Worker.State.Run);
        Assert.Equal(2, _engine.Calls.Count(call => call.StartsWith("create ", StringComparison.Ordinal)));
        Assert.Single(_engine.Containers);
    }

    [Fact]
    public async Task StopThatIsTakenInTheEnd_IsNoLongerSaidToBeRepeated()
    {
        await StartAsync(HostProgram.Game with { Stop = new StopRule { Kind = StopKind.Signal, Value = "SIGINT" } });
        await _program.SendAsync("ignore");
        await HostProgram.UntilAsync(() => _program.Worker.Console.ReadText(50).Contains("ignoring signals"), "that it ignores signals");
        _engine.Fault = (call, _) => call == "kill" ? new EngineException("the engine has a headache") : null;

        await _program.AskAsync(PowerAction.Stop);
        await HostProgram.UntilAsync(() => Activity == "The Docker engine does not do it: the engine has a headache. The stop is repeated until it does.", "the reason");
        _engine.Fault = null;

        await HostProgram.UntilAsync(() => Activity is null, "that nothing is repeated");
        Assert.Equal(PowerState.Stopping, _program.Worker.State.Power);
        await _program.AskAsync(PowerAction.Kill);
        await _program.UntilAsync(PowerState.Offline);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deletion_WhoseBridgeCouldNotBeRemovedAtFirst_TakesItAlong(bool isCut)
    {
        await StartAsync(HostProgram.Game with { Ports = [new("203.0.113.7", 25565)], IsOutgoingIpForced = true });
        Assert.NotNull(await _engine.InspectNetworkAsync(Network, CancellationToken.None));
        await _program.AskAsync(PowerAction.Kill);
        await _program.UntilAsync(PowerState.Offline);
        var fails = 3;
        _engine.Fault = (call, _) => call == "remove-network" && Interlocked.Decrement(ref fails) >= 0
            ? isCut ? new EngineUnreachableException("The line was cut.") : new EngineException("the engine has a headache") : null;

        await _program.AddAsync(_program.Worker.State.Assignment.Spec, version: 2, isDeleted: true);

        await HostProgram.UntilAsync(() => isCut ? Activity == "The Docker engine does not answer. The deletion goes on when it does." : _program.Worker.State.Problem?.Message == "the engine has a headache. It is tried again.", "the reason");
        await HostProgram.UntilAsync(() => _program.Worker.State.DeletedVersion == 2, "the deletion");
        Assert.Empty(_engine.Containers);
        Assert.Null(await _engine.InspectNetworkAsync(Network, CancellationToken.None));
        await HostProgram.UntilAsync(() => Activity is null && _program.Worker.State.Problem is null, "that nothing is wrong any more");
    }

    [Fact]
    public async Task DeletionThatIsUndoneWhileItWaits_IsNoLongerSaidToGoOn()
    {
        await StartAsync(HostProgram.Game);
        await _program.AskAsync(PowerAction.Kill);
        await _program.UntilAsync(PowerState.Offline);
        _engine.Fault = (call, _) => call is "list" or "inspect" ? new EngineUnreachableException("The line was cut.") : null;
        await _program.AddAsync(HostProgram.Game, version: 2, isDeleted: true);
        await HostProgram.UntilAsync(() => Activity == "The Docker engine does not answer. The deletion goes on when it does.", "the reason");

        await _program.AddAsync(HostProgram.Game, version: 3);

        await HostProgram.UntilAsync(() => Activity is null, "that nothing is said of it");
        Assert.False(_program.Worker.State.IsDeleted);
    }

    [Fact]
    public async Task StartOfWhichEachStepFailsOnce_GoesOn_AsTheEngineAnswersBetween()
    {
        await _program.AddAsync(HostProgram.Game);
        var failed = new HashSet<string>();
        _engine.Fault = (call, _) => call is "inspect" or "network" or "create" && failed.Add(call) ? new EngineUnreachableException("The line was cut.") : null;

        await _program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _program.Worker.State.Power is PowerState.Running or PowerState.Offline, "an outcome");

        Assert.Equal((PowerState.Running, 3), (_program.Worker.State.Power, failed.Count));
        Assert.Null(Activity);
        await HostProgram.UntilAsync(() => History.Any(one => one.State == PowerState.Running), "the history");
        Assert.Single(History, one => one.Kind == ServerEventKind.PullStarted);
    }

    [Fact]
    public async Task StartOfWhichOneStepFailsAgainAndAgain_IsGivenUp()
    {
        await _program.AddAsync(HostProgram.Game);
        _engine.Fault = (call, _) => call == "create" ? new EngineUnreachableException("The line was cut.") : null;

        await _program.AskAsync(PowerAction.Start);

        await HostProgram.UntilAsync(() => _program.Worker.State is { Power: PowerState.Offline, Problem: not null }, "the refusal");
        Assert.StartsWith("The Docker engine is there, but does not answer to what this start needs.", _program.Worker.State.Problem!.Message, StringComparison.Ordinal);
        Assert.Null(Activity);
    }

    [Fact]
    public async Task PullThatIsCutEachTime_UsesTheCopyThatIsHere()
    {
        await _program.AddAsync(HostProgram.Game with { Image = FakeContainerEngine.TestImage });
        _engine.Fault = (call, _) => call == "pull" ? new EngineUnreachableException("The line was cut.") : null;

        await _program.AskAsync(PowerAction.Start);

        await _program.UntilAsync(PowerState.Running);
        await HostProgram.UntilAsync(() => History.Any(one => one.Kind == ServerEventKind.PullFailed && one.Text.EndsWith("The copy that is on this host is used.", StringComparison.Ordinal)), "the history");
    }

    [Fact]
    public async Task GameThatEndsWithoutAWord_HasNoLinesOfTheRunBefore()
    {
        await StartAsync(HostProgram.Game with { RestartOnCrash = false });
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);
        _engine.Program = _ => Task.FromResult(3);

        await _program.AskAsync(PowerAction.Start);

        await HostProgram.UntilAsync(() => History.Any(one => one is { Exit.Code: 3, Run: 2 }), "the end");
        Assert.Contains(History.First(one => one is { Kind: ServerEventKind.Exit, Run: 1 }).LastLines, line => line.Contains("Done (", StringComparison.Ordinal));
        Assert.DoesNotContain(History.First(one => one is { Exit.Code: 3, Run: 2 }).LastLines, line => line.Contains("Done (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartThatHasSaidNothingYet_IsNotUpByTheLineOfTheRunBefore()
    {
        await StartAsync(HostProgram.Game);
        await _program.AskAsync(PowerAction.Stop);
        await _program.UntilAsync(PowerState.Offline);
        var up = new TaskCompletionSource();
        _engine.Program = async terminal =>
        {
            await up.Task;
            await terminal.WriteLineAsync("Done (");
            await terminal.ReadLineAsync();
            return 0;
        };
        await _program.AskAsync(PowerAction.Start);
        await HostProgram.UntilAsync(() => _program.Worker.State is { HasProcess: true, Run: 2 }, "the process");

        Assert.True(await _program.Worker.LookAsync(wasUnattended: false));
        // What the look has found is taken before what is said after it.
        await _program.AddAsync(HostProgram.Game, version: 2);

        Assert.Equal(PowerState.Starting, _program.Worker.State.Power);
        up.SetResult();
        await _program.UntilAsync(PowerState.Running);
    }

    private IReadOnlyList<ServerEvent> History => [.. _program.Ledger.ReadEvents(_program.Server)];

    private string? Activity => _program.Worker.GetSnapshot().Activity;

    private async Task StartAsync(ServerSpec spec)
    {
        await _program.AddAsync(spec);
        Assert.True((await _program.AskAsync(PowerAction.Start)).IsAccepted);
        await _program.UntilAsync(PowerState.Running);
    }
}

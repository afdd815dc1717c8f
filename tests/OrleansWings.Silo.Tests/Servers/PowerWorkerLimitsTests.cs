using OrleansWings.Containers.Engines;
using OrleansWings.Containers.Usages;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>New limits while the server runs, on an engine that takes them, refuses them, goes away or says nothing.</summary>
public sealed class PowerWorkerLimitsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeContainerEngine _engine = new();
    private readonly HostProgram _program;

    public PowerWorkerLimitsTests() => _program = new HostProgram(_folder.Path, _engine);

    private ContainerLimits Limits => _engine.Find(ServerSamples.Id.ToString())!.Spec.Limits;

    private ServerSnapshot Snapshot => _program.Worker.GetSnapshot();

    public async ValueTask InitializeAsync()
    {
        await _program.ResumedAsync();
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 64 }));
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
    }

    public async ValueTask DisposeAsync()
    {
        (_engine.IsAway, _engine.Fault) = (false, null);
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task NewLimits_AreInForceWithoutARestart()
    {
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 128, CpuPercent = 150 }), version: 2);

        await HostProgram.UntilAsync(() => Limits is { MemoryBytes: 128 << 20, CpuQuota: 150_000 }, "the limits");
        await HostProgram.UntilAsync(() => Snapshot is { Waiting: ["what the game is told of its memory (SERVER_MEMORY)"], LimitProblem: null }, "the snapshot");
        Assert.Equal((1, PowerState.Running), (Snapshot.Run, Snapshot.State));
        await HostProgram.UntilAsync(() => _program.Worker.Console.ReadText(50).Any(line => line.Contains("New limits are in force: memory 128 MiB, CPU limit 150 %.", StringComparison.Ordinal)), "the console");
    }

    [Fact]
    public async Task LessMemoryThanIsUsed_OnCgroupVersion2_WaitsAndIsNamed_AndTheOtherLimitsAreSet()
    {
        _engine.Find(ServerSamples.Id.ToString())!.Usage = new UsageCounters { MemoryBytes = 40 << 20, Processes = 1 };

        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 32, CpuPercent = 150 }), version: 2);
        await HostProgram.UntilAsync(() => Snapshot.LimitProblem == "The game uses 40 MiB: with a limit of 32 MiB the kernel would end it.", "the problem");
        Assert.Equal((64L << 20, 150_000L), (Limits.MemoryBytes, Limits.CpuQuota));
        Assert.Equal(["memory"], Snapshot.Waiting);

        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 48, CpuPercent = 150 }), version: 3);
        await HostProgram.UntilAsync(() => Limits.MemoryBytes == 48 << 20 && Snapshot.LimitProblem is null, "what can be");
    }

    [Fact]
    public async Task IoWeight_WhereTheKernelHasNone_IsNamedAsNotInForce()
    {
        _engine.IsWithoutIoWeight = true;
        Assert.Null(Snapshot.LimitProblem);
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 64, IoWeight = 300 }), version: 2);

        await HostProgram.UntilAsync(() => Snapshot.LimitProblem == "The I/O weight is not in force: this host's kernel has none.", "the problem");
        Assert.Equal(PowerState.Running, Snapshot.State);
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 64 }), version: 3);
        await HostProgram.UntilAsync(() => Snapshot.LimitProblem is null, "nothing wished, nothing missing");
    }

    [Fact]
    public async Task OneLimitRefused_TheOthersAreSetAndItIsNamed()
    {
        _engine.Fault = (call, _) => call == "update" && _program.Worker.State.Assignment.Spec.Limits.MemoryMiB == 32 && IsMemorySent() ? new EngineException("device or resource busy") : null;
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 32, ProcessLimit = 77 }), version: 2);

        await HostProgram.UntilAsync(() => Snapshot.LimitProblem is not null, "the problem");
        Assert.Equal("The Docker engine refused the new memory (device or resource busy).", Snapshot.LimitProblem);
        Assert.Equal(["memory"], Snapshot.Waiting);
        Assert.Equal((64L << 20, 77L), (Limits.MemoryBytes, Limits.ProcessLimit));

        // The fake is asked before it knows what for: together first, memory second.
        bool IsMemorySent() => _engine.Calls.Count(call => call.StartsWith("update ", StringComparison.Ordinal)) <= 2;
    }

    [Fact]
    public async Task EngineAway_TheLimitsFollowWhenItIsBack()
    {
        _engine.IsAway = true;
        await HostProgram.UntilAsync(() => !_program.Watch.IsReachable, "the watch");
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 128 }), version: 2);
        Assert.True(Snapshot.IsSpecPending);

        _engine.IsAway = false;

        await HostProgram.UntilAsync(() => Limits.MemoryBytes == 128 << 20, "the limits");
    }

    [Fact]
    public async Task ManyEditsAtOnce_TheLastOneIsInForce()
    {
        for (var i = 2; i <= 30; i++)
            await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 64 + i }), version: i);

        await HostProgram.UntilAsync(() => Limits.MemoryBytes == 94L << 20 && _program.Worker.State.AppliedLimits!.MemoryMiB == 94, "the last limits");
    }

    [Fact]
    public async Task NoContainer_IsNoError()
    {
        _engine.Fault = (call, _) => call == "remove" ? new EngineException("kept") : null;
        var killed = _program.AskAsync(PowerAction.Kill);
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 128 }), version: 2);

        Assert.True((await killed).IsAccepted);
        await _program.UntilAsync(PowerState.Offline);
        Assert.Null(Snapshot.LimitProblem);
        Assert.False(Snapshot.IsSpecPending);
    }

    [Fact]
    public async Task ContainerRemovedByAStrangerBeforeItsLimitsAreSet_IsNoProblemOfTheLimits()
    {
        _engine.Fault = (call, _) =>
        {
            if (call == "update")
                _engine.RemoveAsync(ServerSamples.Id.ToString(), force: true, CancellationToken.None).GetAwaiter().GetResult();
            return null;
        };

        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 128 }), version: 2);

        await HostProgram.UntilAsync(() => _engine.Calls.Any(call => call.StartsWith("update ", StringComparison.Ordinal)), "the update");
        await HostProgram.UntilAsync(() => !_program.Worker.State.HasProcess || _program.Worker.State.Run > 1, "the end of the run");
        Assert.Null(_program.Worker.State.LimitProblem);
    }

    [Fact]
    public async Task RefusedLimitThatIsWishedNoLonger_IsAProblemNoLonger()
    {
        _engine.Fault = (call, _) => call == "update" ? new EngineException("device or resource busy") : null;
        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 32 }), version: 2);
        await HostProgram.UntilAsync(() => Snapshot.LimitProblem is not null, "the problem");

        await _program.AddAsync(Game(new ServerLimits { MemoryMiB = 64 }) with { TimeZone = "Europe/Berlin" }, version: 3);

        Assert.Equal((null, "time zone"), (Snapshot.LimitProblem, Assert.Single(Snapshot.Waiting)));
    }

    private static ServerSpec Game(ServerLimits limits) => HostProgram.Game with { Limits = limits };
}

using Microsoft.Extensions.Time.Testing;
using OrleansWings.Containers.Engines;
using OrleansWings.Servers;
using OrleansWings.Silo.Tests.Consoles;
using OrleansWings.Testing.Engines;

namespace OrleansWings.Silo.Tests.Servers;

/// <summary>New limits have ten seconds, by the clock of the test: for an engine that says nothing, and for one that is there and cuts the line each time.</summary>
public sealed class PowerWorkerLimitsTimeTests : IAsyncLifetime
{
    private const string Unsaid = "The Docker engine did not say within 10 seconds whether it set the new limits.";

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly FakeContainerEngine _engine = new();
    private readonly HostProgram _program;

    // The engine lives by the real clock: only what this program waits for stands still.
    public PowerWorkerLimitsTimeTests() => _program = new HostProgram(_folder.Path, _engine, _time);

    private ServerSnapshot Snapshot => _program.Worker.GetSnapshot();

    public async ValueTask InitializeAsync()
    {
        await _program.ResumedAsync();
        await _program.AddAsync(Game(64));
        await _program.AskAsync(PowerAction.Start);
        await _program.UntilAsync(PowerState.Running);
    }

    public async ValueTask DisposeAsync()
    {
        (_engine.Fault, _engine.HeldCall) = (null, null);
        await _program.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task EngineSaysNothing_AfterTenSecondsItIsNamed_AndTheNextWishIsSet()
    {
        _engine.HeldCall = "update";
        await _program.AddAsync(Game(96), version: 2);
        await HostProgram.UntilAsync(() => Updates == 1, "the update");

        _time.Advance(TimeSpan.FromSeconds(9.9));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Null(Snapshot.LimitProblem);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await HostProgram.UntilAsync(() => Snapshot.LimitProblem == Unsaid, "the problem");
        Assert.Equal((PowerState.Running, 64), (Snapshot.State, _program.Worker.State.AppliedLimits!.MemoryMiB));

        _engine.HeldCall = null;
        await _program.AddAsync(Game(128), version: 3);
        await HostProgram.UntilAsync(() => Snapshot.LimitProblem is null && _program.Worker.State.AppliedLimits!.MemoryMiB == 128, "the limits");
    }

    [Fact]
    public async Task EngineIsThereAndCutsTheLineEachTime_AfterTenSecondsItIsNamed()
    {
        _engine.Fault = (call, _) => call == "update" ? new EngineUnreachableException("The line was cut.") : null;
        await _program.AddAsync(Game(96), version: 2);
        var passed = TimeSpan.Zero;
        var step = TimeSpan.FromMilliseconds(200);
        for (; Snapshot.LimitProblem is null; passed += step)
        {
            Assert.True(passed < TimeSpan.FromMinutes(2), "Nothing was said in two minutes.");
            _time.Advance(step);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Unsaid, Snapshot.LimitProblem);
        Assert.True(passed >= TimeSpan.FromSeconds(10), $"It was given up after {passed}.");
        Assert.True(Updates > 3, $"It was tried {Updates} times.");
        Assert.True(_program.Watch.IsReachable);
        var last = Updates;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(last, Updates);
    }

    [Fact]
    public async Task LimitsChangedByHand_AndAnEngineThatDoesNotSayWhatTheGameUses_AreNamedAfterTenSeconds()
    {
        await _engine.UpdateAsync(_program.Server.ToString(), new ContainerLimits { MemoryBytes = 128 << 20 }, TestContext.Current.CancellationToken);
        _engine.HeldCall = "usage";
        var checking = _program.Worker.CheckLimitsAsync(isDryRun: false, TestContext.Current.CancellationToken);
        await HostProgram.UntilAsync(() => _engine.Calls.Any(call => call.StartsWith("usage ", StringComparison.Ordinal)), "the question");

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("They could not be set again: the Docker engine did not answer within 10 seconds.", (await checking)!.Outcome);
        // And nothing waits behind it.
        _engine.HeldCall = null;
        await _program.AddAsync(Game(256), version: 2);
        await HostProgram.UntilAsync(() => _program.Worker.State.AppliedLimits!.MemoryMiB == 256, "the next limits");
    }

    private int Updates => _engine.Calls.Count(call => call.StartsWith("update ", StringComparison.Ordinal));

    private static ServerSpec Game(int memoryMiB) => HostProgram.Game with { Limits = new ServerLimits { MemoryMiB = memoryMiB } };
}
